package io.tidegate.loadtest.measure;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** What arrived on one event loop. Written by that loop alone, read from the main thread. */
public final class Tally {
  private static final int DIGITS = 3;

  private final SingleWriterRecorder latency = new SingleWriterRecorder(DIGITS);
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong pings = new AtomicLong();
  private final AtomicLong foreign = new AtomicLong();
  private final AtomicLong misdelivered = new AtomicLong();

  /** Counts a publication that came for the first time. */
  public void delivery() {
    add(received, 1);
  }

  /** How long a publication took that is to be measured. */
  public void latency(long nanos) {
    latency.recordValue(Math.max(0, nanos));
  }

  public void bytes(int count) {
    add(bytes, count);
  }

  public void ping() {
    add(pings, 1);
  }

  /** Counts a publication that is not of this run. */
  public void foreign() {
    add(foreign, 1);
  }

  /** Counts a publication of this run that belongs to another channel. */
  public void misdelivered() {
    add(misdelivered, 1);
  }

  /** Counts of all tallies so far. */
  public record Sum(long received, long bytes, long pings, long foreign, long misdelivered) {}

  public static Sum sum(Iterable<Tally> tallies) {
    Sum sum = new Sum(0, 0, 0, 0, 0);
    for (Tally tally : tallies) {
      sum =
          new Sum(
              sum.received + tally.received.get(),
              sum.bytes + tally.bytes.get(),
              sum.pings + tally.pings.get(),
              sum.foreign + tally.foreign.get(),
              sum.misdelivered + tally.misdelivered.get());
    }
    return sum;
  }

  /** Latencies in nanoseconds since the last call. */
  public Histogram sinceLast() {
    return latency.getIntervalHistogram();
  }

  private static void add(AtomicLong count, long more) {
    count.lazySet(count.getPlain() + more);
  }
}
