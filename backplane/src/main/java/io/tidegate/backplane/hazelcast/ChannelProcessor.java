package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry processor that takes one {@link Turn} on a channel. The state is the live object: what
 * changes it must not fail half-way, so everything is read off the wire before.
 */
abstract sealed class ChannelProcessor<R>
    implements EntryProcessor<String, ChannelState, R>, HazelcastInstanceAware
    permits RunBatch, ReadHistory, RemoveHistory, SweepChannel {
  private static final long serialVersionUID = 1L;

  private transient @Nullable HazelcastInstance instance;
  private transient @Nullable EntryProcessor<String, ChannelState, R> backup;

  @Override
  public final void setHazelcastInstance(HazelcastInstance hazelcastInstance) {
    instance = hazelcastInstance;
  }

  final Owner owner(String channel, List<UUID> gone) {
    HazelcastInstance grid = requireNonNull(instance, "instance");
    return LocalMember.of(grid).owner(grid, channel, gone);
  }

  /** Stores what the turn did, and lets the backups follow. */
  final void commit(Map.Entry<String, ChannelState> entry, Turn turn) {
    Change change = turn.change();
    if (turn.answersOldNews()) {
      entry.setValue(turn.state());
      turn.state().noteSentWhole();
      backup = new FollowWholly<>(turn.state());
    } else if (change != null) {
      entry.setValue(turn.state());
      backup = new Follow<>(change);
    } else {
      backup = null;
    }
  }

  final void discard(Map.Entry<String, ChannelState> entry) {
    entry.setValue(null);
    backup = new FollowWholly<>(null);
  }

  final void leaveAsItIs() {
    backup = null;
  }

  @Override
  public final @Nullable EntryProcessor<String, ChannelState, R> getBackupProcessor() {
    return backup;
  }
}
