package io.tidegate.gateway.service;

import java.time.Duration;

/**
 * When a service is left alone.
 *
 * @param calls how many of the last calls are looked at, and as many are needed
 * @param failureRate percent of them that failed
 * @param pause how long the service is left alone, until one call tries again
 */
public record BreakerSettings(int calls, int failureRate, Duration pause) {
  public BreakerSettings {
    if (calls < 1) {
      throw new IllegalArgumentException("calls: " + calls + " (expected: >= 1)");
    }
    if (failureRate < 1 || failureRate > 100) {
      throw new IllegalArgumentException("failureRate: " + failureRate + " (expected: 1 to 100)");
    }
    if (pause.toMillis() < 1) {
      throw new IllegalArgumentException("pause: " + pause + " (expected: >= 1ms)");
    }
  }
}
