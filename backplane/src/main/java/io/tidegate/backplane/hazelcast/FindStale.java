package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the channels that need a sweep; run over all entries, so it answers for few. */
final class FindStale
    implements EntryProcessor<String, ChannelState, @Nullable Boolean>,
        HazelcastInstanceAware,
        ReadOnly {
  private static final long serialVersionUID = 1L;

  private final transient List<UUID> gone;
  private transient @Nullable HazelcastInstance instance;

  FindStale(List<UUID> gone) {
    this.gone = List.copyOf(gone);
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcastInstance) {
    instance = hazelcastInstance;
  }

  @Override
  public @Nullable Boolean process(Map.Entry<String, ChannelState> entry) {
    HazelcastInstance grid = requireNonNull(instance, "instance");
    Owner owner = LocalMember.of(grid).owner(grid, entry.getKey(), gone);
    ChannelState state = entry.getValue();
    boolean isStale = state != null && Turn.needsSweep(state, owner);
    return isStale ? true : null;
  }

  @Override
  public @Nullable EntryProcessor<String, ChannelState, @Nullable Boolean> getBackupProcessor() {
    return null;
  }

  static void write(ObjectDataOutput out, FindStale processor) throws IOException {
    Wire.writeAll(out, processor.gone, Wire::writeUuid);
  }

  static FindStale read(ObjectDataInput in) throws IOException {
    return new FindStale(Wire.readList(in, Wire::readUuid));
  }
}
