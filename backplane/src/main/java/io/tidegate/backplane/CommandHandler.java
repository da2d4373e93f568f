package io.tidegate.backplane;

import io.vertx.core.Future;

/** Answers commands of other nodes. Called on the implementation's threads; never blocks. */
@FunctionalInterface
public interface CommandHandler {
  Future<Payload> handle(NodeCommand command);
}
