package io.tidegate.gateway.session;

import static java.util.Objects.requireNonNull;

/**
 * An open connection of a user, in an order of all connections of all nodes.
 *
 * @param moment when it opened, in about milliseconds since the epoch
 */
public record UserConnection(String user, long moment, String client) {
  public UserConnection {
    requireNonNull(user, "user");
    requireNonNull(client, "client");
  }

  boolean isOlderThan(UserConnection other) {
    return moment < other.moment || (moment == other.moment && client.compareTo(other.client) < 0);
  }
}
