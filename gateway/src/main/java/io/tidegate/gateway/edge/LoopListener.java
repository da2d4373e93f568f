package io.tidegate.gateway.edge;

import io.vertx.core.Context;

/** Told of the event loops that serve clients. Called on the loop it is about. */
public interface LoopListener {
  /** The loop listens from now on. */
  void started(Context loop);

  /** The loop is about to stop; its timers go with it. */
  void stopping(Context loop);
}
