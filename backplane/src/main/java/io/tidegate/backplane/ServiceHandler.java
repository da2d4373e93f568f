package io.tidegate.backplane;

import io.vertx.core.Future;

/** Handles messages of an inbox. Called on the consumer's Vert.x context; never blocks it. */
@FunctionalInterface
public interface ServiceHandler {
  /**
   * Handles one message. Success acknowledges it and, for an {@link ServiceMessage.Kind#RPC},
   * answers it; failure gives it back, to be handed out again.
   */
  Future<ServiceAnswer> handle(ServiceDelivery delivery);
}
