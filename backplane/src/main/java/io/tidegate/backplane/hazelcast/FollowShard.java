package io.tidegate.backplane.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.inbox.ShardState;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a backup its owner's shard as it is; or, where it was given that already, waits behind it.
 */
final class FollowShard implements EntryProcessor<String, ShardState, @Nullable ShardReply> {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable ShardState state;

  FollowShard(@Nullable ShardState state) {
    this.state = state;
  }

  @Override
  public @Nullable ShardReply process(Map.Entry<String, ShardState> entry) {
    if (state != null) {
      entry.setValue(state);
    }
    return null;
  }

  @Override
  public @Nullable EntryProcessor<String, ShardState, @Nullable ShardReply> getBackupProcessor() {
    return null;
  }

  static void write(ObjectDataOutput out, FollowShard processor) throws IOException {
    Wire.writeNullable(out, processor.state, ShardWire::writeState);
  }

  static FollowShard read(ObjectDataInput in) throws IOException {
    return new FollowShard(Wire.readNullable(in, ShardWire::readState));
  }
}
