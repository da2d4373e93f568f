package io.tidegate.loadtest.client;

import org.jspecify.annotations.Nullable;

/** Which run this is and when it started. Written once by the main thread, read from anywhere. */
public final class RunClock {
  private final int run;
  private final int payloadBytes;
  private final long warmupNanos;
  private final @Nullable Awaited awaited;
  private volatile long startNanos;

  /** A run in which nobody waits for deliveries. */
  public RunClock(int run, int payloadBytes, long warmupNanos) {
    this(run, payloadBytes, warmupNanos, null);
  }

  /**
   * A run.
   *
   * @param awaited who waits for deliveries, or null
   */
  public RunClock(int run, int payloadBytes, long warmupNanos, @Nullable Awaited awaited) {
    this.run = run;
    this.payloadBytes = payloadBytes;
    this.warmupNanos = warmupNanos;
    this.awaited = awaited;
  }

  /** Called before the first publication. */
  public void start(long nanos) {
    startNanos = nanos;
  }

  public int run() {
    return run;
  }

  public int payloadBytes() {
    return payloadBytes;
  }

  public long startNanos() {
    return startNanos;
  }

  /** Whether what was due then is measured. */
  public boolean measured(long dueNanos) {
    return dueNanos >= warmupNanos;
  }

  /** A subscriber has a publication, for the first time. */
  void delivered(int channel, int slot) {
    if (awaited != null) {
      awaited.delivered(channel, slot);
    }
  }
}
