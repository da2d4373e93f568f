package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.StreamPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Removes a channel's publications. */
final class RemoveHistory extends ChannelProcessor<Boolean> {
  private static final long serialVersionUID = 1L;

  private final transient StreamPolicy policy;

  RemoveHistory(StreamPolicy policy) {
    this.policy = policy;
  }

  @Override
  public Boolean process(Map.Entry<String, ChannelState> entry) {
    var turn = new Turn(entry.getValue(), owner(entry.getKey(), List.of()));
    turn.removeHistory(policy);
    commit(entry, turn);
    return true;
  }

  static void write(ObjectDataOutput out, RemoveHistory processor) throws IOException {
    Wire.writePolicy(out, processor.policy);
  }

  static RemoveHistory read(ObjectDataInput in) throws IOException {
    return new RemoveHistory(Wire.readPolicy(in));
  }
}
