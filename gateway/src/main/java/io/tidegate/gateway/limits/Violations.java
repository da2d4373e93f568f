package io.tidegate.gateway.limits;

import java.util.Arrays;

/**
 * Counts what one connection was refused within the last ten seconds, so that a client that does
 * not listen is closed. Belongs to one thread. Counts by the second: what is older than ten seconds
 * is never counted, what is younger than nine always is.
 */
public final class Violations {
  private static final int SECONDS = 10;
  private static final long NANOS = 1_000_000_000L;

  private final int most;
  private final int[] counts = new int[SECONDS];
  private final long startNanos;
  private long second;

  /**
   * Starts with none.
   *
   * @param most refusals at which it is enough
   * @param nowNanos the time, as of {@link System#nanoTime}
   */
  public Violations(int most, long nowNanos) {
    if (most < 1) {
      throw new IllegalArgumentException("most: " + most + " (expected: >= 1)");
    }
    this.most = most;
    this.startNanos = nowNanos;
  }

  /**
   * Counts one refusal; true when it is enough and the connection is to be closed.
   *
   * @param nowNanos the time, as of {@link System#nanoTime}
   */
  public boolean add(long nowNanos) {
    advance((nowNanos - startNanos) / NANOS);
    int bin = (int) (second % SECONDS);
    counts[bin] = Math.min(most, counts[bin] + 1);
    return Arrays.stream(counts).asLongStream().sum() >= most;
  }

  private void advance(long now) {
    if (now - second >= SECONDS) {
      Arrays.fill(counts, 0);
      second = now;
    }
    while (second < now) {
      second++;
      counts[(int) (second % SECONDS)] = 0;
    }
  }
}
