package io.tidegate.backplane;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a stream keeps. The namespace of a channel decides it, so every node passes the same.
 *
 * @param historySize publications kept at most; 0 keeps none
 * @param historyTtl how long a publication is kept at most; ignored when {@code historySize} is 0
 */
public record StreamPolicy(int historySize, Duration historyTtl) {
  public static final StreamPolicy NO_HISTORY = new StreamPolicy(0, Duration.ZERO);

  public StreamPolicy {
    requireNonNull(historyTtl, "historyTtl");
    if (historySize < 0) {
      throw new IllegalArgumentException("historySize: " + historySize + " (expected: >= 0)");
    }
    if (historySize > 0 && (historyTtl.isNegative() || historyTtl.isZero())) {
      throw new IllegalArgumentException("historyTtl: " + historyTtl + " (expected: > 0)");
    }
  }
}
