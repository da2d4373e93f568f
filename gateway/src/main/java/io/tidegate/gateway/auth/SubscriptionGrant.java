package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What a verified subscription token says: this user may subscribe to this channel.
 *
 * @param client the connection that alone may use it; absent for any of the user's
 */
public record SubscriptionGrant(
    String user, String channel, @Nullable String client, SubscriptionOptions options) {
  public SubscriptionGrant {
    requireNonNull(user, "user");
    requireNonNull(channel, "channel");
    requireNonNull(options, "options");
  }
}
