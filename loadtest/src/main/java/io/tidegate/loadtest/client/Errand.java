package io.tidegate.loadtest.client;

import io.tidegate.loadtest.measure.Ledger;
import org.jspecify.annotations.Nullable;

/**
 * What one client is to do.
 *
 * @param token for the upgrade request, or null for an anonymous client
 * @param channel to subscribe to, or null to be connected only
 * @param channelNumber by which publications name the channel
 * @param publishers how many publish to it
 * @param publishesTo the channel it publishes to, or null where that is none or not always the same
 */
public record Errand(
    @Nullable String token,
    @Nullable String channel,
    int channelNumber,
    int publishers,
    @Nullable String publishesTo) {
  /** Connects and does no more than that. */
  public static Errand connectOnly(@Nullable String token) {
    return publisher(token, null);
  }

  /** Connects and publishes. */
  public static Errand publisher(@Nullable String token, @Nullable String channel) {
    return new Errand(token, null, 0, 0, channel);
  }

  Ledger ledger() {
    return new Ledger(publishers);
  }
}
