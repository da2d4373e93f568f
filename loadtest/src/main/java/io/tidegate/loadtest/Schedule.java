package io.tidegate.loadtest;

import java.time.Duration;

/**
 * When each publication is due. Latency is counted from here and not from when the publisher got
 * round to it, so that a server that holds the publisher up does not look fast.
 *
 * @param warmupCount publications before the first that is measured
 * @param count of all publications, the warm-up included
 */
record Schedule(double intervalNanos, long warmupCount, long count) {
  static Schedule of(double ratePerSecond, Duration warmup, Duration duration) {
    long warmupCount = Math.round(warmup.toNanos() * ratePerSecond / 1e9);
    long measured = Math.max(1, Math.round(duration.toNanos() * ratePerSecond / 1e9));
    return new Schedule(1e9 / ratePerSecond, warmupCount, warmupCount + measured);
  }

  /** Nanoseconds from the start of the run to publication {@code number}, counted from 0. */
  long dueNanos(long number) {
    return Math.round(number * intervalNanos);
  }

  boolean measured(long number) {
    return number >= warmupCount;
  }
}
