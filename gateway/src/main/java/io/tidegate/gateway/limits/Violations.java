package io.tidegate.gateway.limits;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one connection was refused within the last ten seconds, so that a client that does
 * not listen is closed. Belongs to one thread. Counts by the second: what is older than ten seconds
 * is never counted, what is younger than nine always is. A client that is never refused costs no
 * memory beyond the object.
 */
public final class Violations {
  private static final int SECONDS = 10;
  private static final long NANOS = 1_000_000_000L;

  private final int most;
  private int @Nullable [] counts;
  private long startNanos;
  private long second;

  /**
   * Starts with none.
   *
   * @param most refusals at which it is enough
   */
  public Violations(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most: " + most + " (expected: >= 1)");
    }
    this.most = most;
  }

  /**
   * Counts one refusal; true when it is enough and the connection is to be closed.
   *
   * @param nowNanos the time, as of {@link System#nanoTime}
   */
  public boolean add(long nowNanos) {
    int[] bins = counts;
    if (bins == null) {
      bins = new int[SECONDS];
      counts = bins;
      startNanos = nowNanos;
    }
    advance(bins, (nowNanos - startNanos) / NANOS);
    int bin = (int) (second % SECONDS);
    bins[bin] = Math.min(most, bins[bin] + 1);
    return Arrays.stream(bins).asLongStream().sum() >= most;
  }

  private void advance(int[] bins, long now) {
    if (now - second >= SECONDS) {
      Arrays.fill(bins, 0);
      second = now;
    }
    while (second < now) {
      second++;
      bins[(int) (second % SECONDS)] = 0;
    }
  }
}
