package io.tidegate.gateway.session;

import io.vertx.core.Future;

/** A user's connections, on all nodes. Thread-safe; never blocks. */
@FunctionalInterface
public interface OtherConnections {
  /**
   * Closes the connections of {@code user} but for {@code client}, with {@link
   * io.tidegate.gateway.protocol.CloseCode#CONNECTION_LIMIT}.
   */
  Future<Void> close(String user, String client);
}
