package io.tidegate.gateway.limits;

/**
 * Lets a sustained rate through, and a burst at once. Belongs to one thread; allocates nothing.
 *
 * <p>Counts in billionths of a token: with whole tokens per second and whole nanoseconds every
 * elapsed nanosecond is worth exactly {@code perSecond} of them, so nothing is ever rounded and
 * calls that come often gain or lose nothing.
 */
public final class TokenBucket {
  private final Rate rate;
  private long available;
  private long lastNanos;

  /**
   * A full bucket.
   *
   * @param nowNanos the time, as of {@link System#nanoTime}
   */
  public TokenBucket(Rate rate, long nowNanos) {
    this.rate = rate;
    this.available = rate.capacity;
    this.lastNanos = nowNanos;
  }

  /** Takes {@code tokens} if they are all there; takes none otherwise. */
  public boolean tryTake(long tokens, long nowNanos) {
    if (tokens < 0) {
      throw new IllegalArgumentException("tokens: " + tokens + " (expected: >= 0)");
    }
    if (rate.perSecond == 0) {
      return true;
    }
    refill(nowNanos);
    if (tokens > available / Rate.UNITS) {
      return false;
    }
    available -= tokens * Rate.UNITS;
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
        elapsed >= rate.nanosToFill
            ? rate.capacity
            : Math.min(rate.capacity, available + elapsed * rate.perSecond);
  }
}
