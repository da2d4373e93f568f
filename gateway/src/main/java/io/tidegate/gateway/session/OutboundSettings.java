package io.tidegate.gateway.session;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.protocol.Compression;
import java.time.Duration;

/**
 * How messages leave a node.
 *
 * @param flushDelay how long a publication may wait for others to share its frame; whole
 *     milliseconds, 0 for not at all
 * @param compression for clients that offer it
 */
public record OutboundSettings(Duration flushDelay, Compression compression) {
  public OutboundSettings {
    requireNonNull(compression, "compression");
    if (flushDelay.isNegative()) {
      throw new IllegalArgumentException("flushDelay: " + flushDelay + " (expected: >= 0)");
    }
  }

  public static OutboundSettings defaults() {
    return new OutboundSettings(Duration.ZERO, Compression.OFF);
  }
}
