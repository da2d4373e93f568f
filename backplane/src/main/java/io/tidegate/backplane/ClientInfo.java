package io.tidegate.backplane;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One connection as other clients see it.
 *
 * @param client id of the connection, unique in the cluster
 * @param user empty for an anonymous client
 * @param connInfo JSON from the connection's token
 * @param chanInfo JSON from the subscription's token
 */
public record ClientInfo(
    String client, String user, @Nullable Payload connInfo, @Nullable Payload chanInfo) {
  public ClientInfo {
    requireNonNull(client, "client");
    requireNonNull(user, "user");
  }
}
