package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Removes what members that are gone left in a channel, and the channel when nobody uses it. */
final class SweepChannel extends ChannelProcessor<Swept> {
  private static final long serialVersionUID = 1L;

  private final transient List<UUID> gone;

  SweepChannel(List<UUID> gone) {
    this.gone = List.copyOf(gone);
  }

  @Override
  public Swept process(Map.Entry<String, ChannelState> entry) {
    leaveAsItIs();
    ChannelState state = entry.getValue();
    if (state == null) {
      return new Swept(null);
    }
    Owner owner = owner(entry.getKey(), gone);
    if (state.isExpired(owner.nowMillis())) {
      discard(entry);
      return new Swept(null);
    }
    var turn = new Turn(state, owner);
    Answer answer = turn.sweep();
    commit(entry, turn);
    return new Swept(answer);
  }

  static void write(ObjectDataOutput out, SweepChannel processor) throws IOException {
    Wire.writeAll(out, processor.gone, Wire::writeUuid);
  }

  static SweepChannel read(ObjectDataInput in) throws IOException {
    return new SweepChannel(Wire.readList(in, Wire::readUuid));
  }
}
