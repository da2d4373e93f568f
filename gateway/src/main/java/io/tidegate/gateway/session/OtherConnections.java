package io.tidegate.gateway.session;

import io.vertx.core.Future;

/** A user's connections, on all nodes. Thread-safe; never blocks. */
@FunctionalInterface
public interface OtherConnections {
  /**
   * Closes the connections of the same user that are older, with {@link
   * io.tidegate.gateway.protocol.CloseCode#CONNECTION_LIMIT}. Fails where a node may have kept
   * some.
   */
  Future<Void> closeOlder(UserConnection newer);
}
