package io.tidegate.gateway.service;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.ServiceMessage;
import io.vertx.core.Future;

/** A service behind its inbox on the backplane. Thread-safe. */
final class StreamService implements Service {
  private final ServiceSettings.Stream settings;
  private final ServiceInbox inbox;

  StreamService(ServiceSettings.Stream settings, ServiceInbox inbox) {
    this.settings = settings;
    this.inbox = inbox;
  }

  @Override
  public Future<ServiceAnswer> request(ServiceMessage message) {
    return inbox
        .request(settings.name(), settings.inbox(), message, settings.timeout())
        .recover(e -> Future.failedFuture(failure(e)));
  }

  @Override
  public Future<ServiceAnswer> send(ServiceMessage message) {
    return inbox
        .append(settings.name(), settings.inbox(), message)
        .map(ServiceAnswer.NONE)
        .recover(e -> Future.failedFuture(failure(e)));
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture(); // The backplane's node ends its inbox.
  }

  private static ServiceException failure(Throwable e) {
    return new ServiceException(
        e instanceof BackplaneException known ? outcome(known.reason()) : Outcome.BROKEN, e);
  }

  private static Outcome outcome(BackplaneException.Reason reason) {
    return switch (reason) {
      case UNAVAILABLE, CLOSED -> Outcome.UNREACHABLE;
      case INDETERMINATE -> Outcome.TIMEOUT;
      case OVERLOADED -> Outcome.OVERLOADED;
      case LIMIT -> Outcome.REJECTED;
    };
  }
}
