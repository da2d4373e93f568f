package io.tidegate.gateway.session;

/** The end of what a token grants, as clients are told it and held to it. */
final class Expiry {
  /** A client refreshes its token when it expires; this much later what it granted ends. */
  static final long GRACE_MILLIS = 25_000;

  private Expiry() {}

  /** Whole seconds of what is left, at least 1 and at most what any client reads as such. */
  static long ttlSeconds(long leftMillis) {
    return Math.max(1, Math.min(leftMillis / 1_000, Integer.MAX_VALUE));
  }
}
