package io.tidegate.gateway.service;

import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceMessage;
import io.vertx.core.Future;

/**
 * A way to one service. Futures fail with a {@link ServiceException} only, within the service's
 * timeout, and complete on the context they were asked on.
 */
interface Service {
  /** Asks; the answer's data are as the service gave them. */
  Future<ServiceAnswer> request(ServiceMessage message);

  /**
   * Hands over; completes when the service, or the store before it, has the message. Data of the
   * answer mean nothing.
   */
  Future<ServiceAnswer> send(ServiceMessage message);

  Future<Void> close();
}
