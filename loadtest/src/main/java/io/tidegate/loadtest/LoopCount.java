package io.tidegate.loadtest;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** What arrived on one event loop. Written by that loop alone, read from the main thread. */
final class LoopCount {
  private static final int DIGITS = 3;

  private final Schedule schedule;
  private final SingleWriterRecorder latency = new SingleWriterRecorder(DIGITS);
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private volatile long startNanos;

  LoopCount(Schedule schedule) {
    this.schedule = schedule;
  }

  /** Tells when the first publication was due. Called before it is sent. */
  void start(long nanos) {
    startNanos = nanos;
  }

  /** Counts a publication, and once the warm-up is over its latency. */
  void publication(long number, long nowNanos) {
    received.lazySet(received.getPlain() + 1);
    if (schedule.measured(number)) {
      latency.recordValue(Math.max(0, nowNanos - startNanos - schedule.dueNanos(number)));
    }
  }

  void bytes(int count) {
    bytes.lazySet(bytes.getPlain() + count);
  }

  /** Publications so far, the warm-up's included; duplicates are not. */
  long received() {
    return received.get();
  }

  long bytes() {
    return bytes.get();
  }

  /** Latencies in nanoseconds since the last call. */
  Histogram sinceLast() {
    return latency.getIntervalHistogram();
  }
}
