package io.tidegate.backplane.redis;

import java.util.random.RandomGenerator;

/** Pauses between attempts: doubling from 50 ms to 1 s, and half to all of that at random. */
final class Backoff {
  private static final long FIRST_MILLIS = 50;
  private static final long LAST_MILLIS = 1_000;

  private final RandomGenerator random;
  private long next = FIRST_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  long nextMillis() {
    long pause = next;
    next = Math.min(2 * next, LAST_MILLIS);
    return pause / 2 + random.nextLong(pause / 2 + 1);
  }

  void reset() {
    next = FIRST_MILLIS;
  }
}
