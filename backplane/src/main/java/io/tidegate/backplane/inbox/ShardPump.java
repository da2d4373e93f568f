package io.tidegate.backplane.inbox;

import io.tidegate.backplane.ConsumerSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Consumer} knows about one shard. Confined to the consumer's context. */
final class ShardPump {
  private static final long FIRST_RETRY_NANOS = 50_000_000L;
  private static final int DOUBLINGS_AT_MOST = 5;

  private final ShardKey shard;
  private final ConsumerSettings settings;
  private final String node;
  private final String consumer;
  private final List<ShardOp.Settlement> settled = new ArrayList<>();
  private ShardOp.@Nullable Take underWay;
  private boolean wanted;
  private boolean failed;
  private int failures;
  private long retryAt;
  private boolean hasDue;
  private long dueAt;
  private long number;

  ShardPump(ShardKey shard, ConsumerSettings settings, String node, String consumer) {
    this.shard = shard;
    this.settings = settings;
    this.node = node;
    this.consumer = consumer;
  }

  ShardKey shard() {
    return shard;
  }

  void want() {
    wanted = true;
  }

  void settle(ShardOp.Settlement settlement) {
    settled.add(settlement);
    wanted = true;
  }

  /** A take that makes the group known and takes nothing. */
  ShardOp.Take opening() {
    return take(List.of(), 0);
  }

  /** The next take, if there is a reason for one and none is under way. */
  ShardOp.@Nullable Take nextTake(int want) {
    if (underWay != null || !wanted || (want == 0 && settled.isEmpty())) {
      return null;
    }
    ShardOp.Take take = take(settled, want);
    settled.clear();
    // With no room for more now, there is still something to want.
    wanted = want == 0;
    hasDue = false;
    underWay = take;
    return take;
  }

  ShardOp.@Nullable Take takeToRepeat(long now) {
    if (!failed || now - retryAt < 0) {
      return null;
    }
    failed = false;
    underWay = underWay == null ? null : underWay.again();
    return underWay;
  }

  void failed(long now) {
    failed = true;
    retryAt = now + (FIRST_RETRY_NANOS << Math.min(failures++, DOUBLINGS_AT_MOST));
  }

  void answered(ShardAnswer answer, long now) {
    underWay = null;
    failures = 0;
    if (answer instanceof ShardAnswer.Taken taken) {
      wanted |= taken.more();
      hasDue = taken.dueInMillis() != Long.MAX_VALUE;
      dueAt = hasDue ? now + taken.dueInMillis() * 1_000_000 : 0;
    }
  }

  boolean isDue(long now) {
    return hasDue && now - dueAt >= 0;
  }

  boolean isIdle() {
    return underWay == null && settled.isEmpty();
  }

  private ShardOp.Take take(List<ShardOp.Settlement> settlements, int want) {
    return new ShardOp.Take(
        settings.group(),
        node,
        consumer,
        ++number,
        settlements,
        want,
        settings.lease().toMillis(),
        false);
  }
}
