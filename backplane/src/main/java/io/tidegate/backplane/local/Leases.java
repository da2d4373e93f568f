package io.tidegate.backplane.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Who holds a lease. A lease is judged by the time that the store saw pass: a look at the leases
 * counts two intervals at most, however long ago the last look was, so a process that stood still
 * does not declare its nodes dead when it wakes. Thread-safe.
 */
final class Leases {
  private final List<Lease> live = new ArrayList<>();
  private final long timeoutNanos;
  private final long countedAtMostNanos;
  private long lookedAtNanos;

  Leases(Duration timeout, Duration interval, long nowNanos) {
    this.timeoutNanos = timeout.toNanos();
    this.countedAtMostNanos = 2 * interval.toNanos();
    this.lookedAtNanos = nowNanos;
  }

  synchronized void take(Lease lease) {
    live.add(lease);
  }

  /** False when the lease is gone. */
  synchronized boolean renew(Lease lease) {
    lease.idleNanos = 0;
    return lease.isLive();
  }

  synchronized void giveBack(Lease lease) {
    lease.end();
    live.remove(lease);
  }

  synchronized List<Lease> live() {
    return List.copyOf(live);
  }

  /** Ends the leases that were not renewed in time, and answers them: each one once. */
  synchronized List<Lease> endLapsed(long nowNanos) {
    long passed = Math.min(nowNanos - lookedAtNanos, countedAtMostNanos);
    lookedAtNanos = nowNanos;
    List<Lease> lapsed = new ArrayList<>();
    for (Lease lease : live) {
      lease.idleNanos += passed;
      if (lease.idleNanos >= timeoutNanos) {
        lapsed.add(lease);
      }
    }
    lapsed.forEach(this::giveBack);
    return lapsed;
  }
}
