package io.tidegate.gateway;

import io.tidegate.gateway.edge.LoopListener;
import io.tidegate.gateway.ops.EventLoops;
import io.vertx.core.Context;

/** The loops that serve clients are those whose turning {@code /live} tells of. Thread-safe. */
record WatchedLoops(EventLoops loops) implements LoopListener {
  @Override
  public void started(Context loop) {
    loops.watch(loop);
  }

  @Override
  public void stopping(Context loop) {
    loops.unwatch(loop);
  }
}
