package io.tidegate.gateway.session;

import java.time.Duration;

/**
 * How a dead peer is found.
 *
 * @param interval between the server's pings
 * @param timeout how long the answer may take; above it the connection closes with 3012
 */
public record HeartbeatSettings(Duration interval, Duration timeout) {
  public HeartbeatSettings {
    if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("interval: " + interval + " (expected: >= 1s)");
    }
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(interval) >= 0) {
      throw new IllegalArgumentException(
          "timeout: " + timeout + " (expected: >= 1s and below heartbeat.interval)");
    }
  }
}
