package io.tidegate.gateway.limits;

/**
 * A sustained rate, and the burst that may come at once: what all {@link TokenBucket}s of a kind
 * have in common. Thread-safe.
 */
public final class Rate {
  static final long UNITS = 1_000_000_000L;

  /** The largest burst; what it is worth in units stays within half of a long. */
  public static final long MAX_BURST = Long.MAX_VALUE / 2 / UNITS;

  final long perSecond;
  final long capacity;
  final long nanosToFill;

  /**
   * Makes a rate.
   *
   * @param perSecond tokens that come back per second; 0 for no limit at all
   * @param burst tokens that a bucket holds; of no meaning without a limit
   */
  public Rate(long perSecond, long burst) {
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
  }

  /** So many seconds' worth of the rate at once. */
  public static Rate burstOf(int seconds, long perSecond) {
    return new Rate(perSecond, perSecond * seconds);
  }
}
