package io.tidegate.backplane.hazelcast;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The calls that wait for an answer, counted against a bound. Thread-safe. */
final class Pending {
  private final int callsAtMost;
  private final long bytesAtMost;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Pending(int callsAtMost, long bytesAtMost) {
    this.callsAtMost = callsAtMost;
    this.bytesAtMost = bytesAtMost;
  }

  /** Counts a call, unless there are too many. */
  boolean take(int size) {
    int nowCalls = calls.incrementAndGet();
    long nowBytes = bytes.addAndGet(size);
    if (nowCalls > callsAtMost || nowBytes > bytesAtMost) {
      release(size);
      return false;
    }
    return true;
  }

  /** Counts a call in any case: one that takes back what an earlier call holds. */
  void force(int size) {
    calls.incrementAndGet();
    bytes.addAndGet(size);
  }

  void release(int size) {
    calls.decrementAndGet();
    bytes.addAndGet(-size);
  }
}
