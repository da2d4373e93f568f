package io.tidegate.backplane.inbox;

import io.tidegate.backplane.ServiceInbox;

/** What a group did with a letter. */
public record Mark(
    Standing standing, int attempt, String node, String consumer, long number, long untilMillis) {
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final int DOUBLINGS_AT_MOST = 16;

  /** What a letter is marked with that {@code take} hands out. */
  static Mark handedOut(ShardOp.Take take, int attempt, long nowMillis) {
    return new Mark(
        Standing.HANDED_OUT,
        attempt,
        take.node(),
        take.consumer(),
        take.number(),
        nowMillis + take.leaseMillis());
  }

  /** What becomes of this as its consumer has settled it. */
  Mark settled(boolean isDone, long nowMillis) {
    int doublings = Math.min(attempt - 1, DOUBLINGS_AT_MOST);
    long pause = Math.min(FIRST_PAUSE_MILLIS << doublings, ServiceInbox.LONGEST_PAUSE.toMillis());
    Standing settled = isDone ? Standing.ACKNOWLEDGED : Standing.GIVEN_BACK;
    return new Mark(settled, attempt, node, consumer, number, nowMillis + pause);
  }

  boolean isOut(Moment moment) {
    return standing == Standing.HANDED_OUT
        && untilMillis > moment.nowMillis()
        && !moment.isGone().test(node);
  }

  boolean isPaused(long nowMillis) {
    return standing == Standing.GIVEN_BACK && untilMillis > nowMillis;
  }

  /** Whether the letter went to this take of this consumer. */
  boolean isOf(String consumer, long number) {
    return this.number == number && this.consumer.equals(consumer);
  }
}
