package io.tidegate.gateway.limits;

/**
 * Lets a sustained rate through, and a burst at once. Belongs to one thread; allocates nothing.
 *
 * <p>Counts in billionths of a token: with whole tokens per second and whole nanoseconds every
 * elapsed nanosecond is worth exactly {@code perSecond} of them, so nothing is ever rounded and
 * calls that come often gain or lose nothing.
 */
public final class TokenBucket {
  private static final long UNITS = 1_000_000_000L;

  /** The largest burst; what it is worth in units stays within half of a long. */
  public static final long MAX_BURST = Long.MAX_VALUE / 2 / UNITS;

  private final long perSecond;
  private final long capacity;
  private final long nanosToFill;
  private long available;
  private long lastNanos;

  /**
   * A full bucket.
   *
   * @param perSecond tokens that come back per second; 0 for no limit at all
   * @param burst tokens that it holds; of no meaning without a limit
   * @param nowNanos the time, as of {@link System#nanoTime}
   */
  public TokenBucket(long perSecond, long burst, long nowNanos) {
    if (perSecond < 0 || perSecond > MAX_BURST) {
      throw new IllegalArgumentException(
          "perSecond: " + perSecond + " (expected: 0 to " + MAX_BURST + ")");
    }
    if (perSecond > 0 && (burst < 1 || burst > MAX_BURST)) {
      throw new IllegalArgumentException("burst: " + burst + " (expected: 1 to " + MAX_BURST + ")");
    }
    this.perSecond = perSecond;
    this.capacity = perSecond == 0 ? 0 : burst * UNITS;
    this.nanosToFill = perSecond == 0 ? 0 : capacity / perSecond + 1;
    this.available = capacity;
    this.lastNanos = nowNanos;
  }

  /** Takes {@code tokens} if they are all there; takes none otherwise. */
  public boolean tryTake(long tokens, long nowNanos) {
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens: " + tokens + " (expected: >= 0)");
    }
    if (perSecond == 0) {
      return true;
    }
    refill(nowNanos);
    if (tokens > available / UNITS) {
      return false;
    }
    available -= tokens * UNITS;
    return true;
  }

  // The difference of two nanoTimes is right across the overflow of either; a time that goes back
  // is taken for no time.
  private void refill(long nowNanos) {
    long elapsed = nowNanos - lastNanos;
    if (elapsed <= 0) {
      return;
    }
    lastNanos = nowNanos;
    available =
        elapsed >= nanosToFill ? capacity : Math.min(capacity, available + elapsed * perSecond);
  }
}
