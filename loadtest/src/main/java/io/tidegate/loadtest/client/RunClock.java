package io.tidegate.loadtest.client;

/** Which run this is and when it started. Written once by the main thread, read from anywhere. */
public final class RunClock {
  private final int run;
  private final int payloadBytes;
  private final long warmupNanos;
  private volatile long startNanos;

  public RunClock(int run, int payloadBytes, long warmupNanos) {
    this.run = run;
    this.payloadBytes = payloadBytes;
    this.warmupNanos = warmupNanos;
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
}
