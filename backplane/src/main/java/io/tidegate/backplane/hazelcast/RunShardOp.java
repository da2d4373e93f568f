package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.exception.RetryableHazelcastException;
import io.tidegate.backplane.inbox.Moment;
import io.tidegate.backplane.inbox.ShardAnswer;
import io.tidegate.backplane.inbox.ShardOp;
import io.tidegate.backplane.inbox.ShardState;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes one step on a service's shard, on its owner; and, where that changed anything, the same
 * step on its backups, at the moment at which the owner took it. A step that was taken before may
 * have missed a backup: what its answer promises is then given to the backups as a whole, once for
 * each version of the shard. Later repetitions are answered once the backups are through with that.
 */
final class RunShardOp
    implements EntryProcessor<String, ShardState, ShardReply>, HazelcastInstanceAware {
  private static final long serialVersionUID = 1L;

  private final transient ShardOp op;
  private final transient @Nullable Past past;
  private transient @Nullable HazelcastInstance instance;
  private transient @Nullable EntryProcessor<String, ShardState, ShardReply> backup;

  /**
   * When the owner took a step.
   *
   * @param sequence the shard's next one before the step
   */
  record Past(long millis, Set<String> gone, long sequence) {
    Past {
      gone = Set.copyOf(gone);
    }
  }

  RunShardOp(ShardOp op) {
    this(op, null);
  }

  RunShardOp(ShardOp op, @Nullable Past past) {
    this.op = op;
    this.past = past;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcastInstance) {
    instance = hazelcastInstance;
  }

  @Override
  public ShardReply process(Map.Entry<String, ShardState> entry) {
    return past == null ? run(entry, ownersMoment()) : replay(entry, past);
  }

  /** Takes the step on the owner. */
  ShardReply run(Map.Entry<String, ShardState> entry, Moment now) {
    ShardState state = stateOf(entry);
    long sequence = state.nextSequence();
    long changesBefore = state.changes();
    boolean isRepeated = state.isRepeated(op);
    Map<String, Boolean> judged = new HashMap<>();
    ShardAnswer answer =
        state.apply(
            op,
            new Moment(
                now.nowMillis(),
                node -> judged.computeIfAbsent(node, unknown -> now.isGone().test(unknown))));
    if (isRepeated) {
      entry.setValue(state);
      backup = new FollowShard(state.isToBeSentWhole() ? state : null);
      state.noteSentWhole();
    } else if (state.changes() != changesBefore) {
      entry.setValue(state);
      backup = new RunShardOp(op, new Past(now.nowMillis(), gone(judged), sequence));
    } else {
      backup = null;
    }
    return new ShardReply(answer);
  }

  private ShardReply replay(Map.Entry<String, ShardState> entry, Past before) {
    ShardState state = stateOf(entry);
    state.numberFrom(before.sequence());
    ShardAnswer answer = state.apply(op, new Moment(before.millis(), before.gone()::contains));
    entry.setValue(state);
    return new ShardReply(answer);
  }

  private static ShardState stateOf(Map.Entry<String, ShardState> entry) {
    ShardState held = entry.getValue();
    return held == null ? new ShardState() : held;
  }

  private Moment ownersMoment() {
    HazelcastInstance grid = requireNonNull(instance, "instance");
    LocalMember member = LocalMember.of(grid);
    if (member.isMovingShards()) {
      throw new RetryableHazelcastException("the shard moves to the other side of a split");
    }
    return member.moment(grid);
  }

  /** The nodes that the step took for gone, each judged once. */
  private static Set<String> gone(Map<String, Boolean> judged) {
    return judged.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  @Override
  public @Nullable EntryProcessor<String, ShardState, ShardReply> getBackupProcessor() {
    return backup;
  }

  static void write(ObjectDataOutput out, RunShardOp processor) throws IOException {
    ShardWire.writeOp(out, processor.op);
    Wire.writeNullable(out, processor.past, RunShardOp::writePast);
  }

  static RunShardOp read(ObjectDataInput in) throws IOException {
    return new RunShardOp(ShardWire.readOp(in), Wire.readNullable(in, RunShardOp::readPast));
  }

  private static void writePast(ObjectDataOutput out, Past past) throws IOException {
    out.writeLong(past.millis());
    Wire.writeAll(out, past.gone(), ObjectDataOutput::writeString);
    out.writeLong(past.sequence());
  }

  private static Past readPast(ObjectDataInput in) throws IOException {
    long millis = in.readLong();
    List<String> gone = Wire.readList(in, Wire::readText);
    return new Past(millis, Set.copyOf(gone), in.readLong());
  }
}
