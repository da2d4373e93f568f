package io.tidegate.backplane.hazelcast;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.inbox.ShardState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies a service's shard, if there is anything in it; after all steps begun before. */
final class ReadShard
    implements EntryProcessor<String, ShardState, @Nullable ShardState>, ReadOnly {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable ShardState process(Map.Entry<String, ShardState> entry) {
    ShardState state = entry.getValue();
    return state == null || state.isBlank() ? null : state;
  }

  @Override
  public @Nullable EntryProcessor<String, ShardState, @Nullable ShardState> getBackupProcessor() {
    return null;
  }

  static void write(ObjectDataOutput out, ReadShard processor) {}

  static ReadShard read(ObjectDataInput in) {
    return new ReadShard();
  }
}
