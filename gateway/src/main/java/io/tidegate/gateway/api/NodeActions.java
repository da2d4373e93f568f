package io.tidegate.gateway.api;

import io.vertx.core.Future;

/** What the server API asks of this node's sessions. Thread-safe; never blocks. */
public interface NodeActions {
  /** Closes the sessions that fit; completes with how many those were. */
  Future<Integer> disconnect(DisconnectRequest request);

  /** What is open on this node now. */
  Future<NodeStats> stats();
}
