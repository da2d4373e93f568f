package io.tidegate.gateway.service;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.ServiceMessage.Kind;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.JsonData;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One service, as sessions see it: messages in, checked answers out, counted. Thread-safe. */
public final class ServiceCaller {
  private static final Payload NULL = Payload.utf8("null");

  private final ServiceSettings settings;
  private final Service service;
  private final Metrics metrics;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Supplier<String> ids;

  ServiceCaller(
      ServiceSettings settings,
      Service service,
      Metrics metrics,
      Clock clock,
      LongSupplier nanoTime,
      Supplier<String> ids) {
    this.settings = settings;
    this.service = service;
    this.metrics = metrics;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.ids = ids;
  }

  /** Asks, and completes with the answer: one JSON value, or an error of the service's own. */
  public Future<ServiceAnswer> request(String method, Payload data, ClientInfo client) {
    long now = clock.millis();
    long expires = now + settings.timeout().toMillis();
    var message = new ServiceMessage(ids.get(), Kind.RPC, method, data, client, now, expires);
    return counted(service.request(message).map(this::checked));
  }

  /** Hands over; the answer tells no more than whether the service took it. */
  public Future<ServiceAnswer> send(Payload data, ClientInfo client) {
    var message = new ServiceMessage(ids.get(), Kind.SEND, "", data, client, clock.millis(), 0);
    return counted(service.send(message));
  }

  /** Hands a frame of a raw route over; otherwise as {@link #send}. */
  public Future<ServiceAnswer> frame(String route, Payload data, boolean text, ClientInfo client) {
    Kind kind = text ? Kind.TEXT : Kind.BINARY;
    var message = new ServiceMessage(ids.get(), kind, route, data, client, clock.millis(), 0);
    return counted(service.send(message));
  }

  private ServiceAnswer checked(ServiceAnswer answer) {
    if (answer.isError()) {
      return answer;
    }
    byte[] data = answer.data().bytes();
    if (data.length > settings.maxAnswer()) {
      throw new ServiceException(Outcome.TOO_LARGE);
    }
    try {
      return ServiceAnswer.of(data.length == 0 ? NULL : JsonData.normalize(data, 0, data.length));
    } catch (NotJsonException e) {
      throw new ServiceException(Outcome.BAD_ANSWER, e);
    }
  }

  private Future<ServiceAnswer> counted(Future<ServiceAnswer> call) {
    long start = nanoTime.getAsLong();
    metrics.serviceBegins(settings.name());
    return call.onComplete(
        done -> {
          double seconds = (nanoTime.getAsLong() - start) / 1e9;
          String outcome = outcome(done).label();
          metrics.serviceEnds(settings.name(), outcome, seconds);
        });
  }

  private static Outcome outcome(AsyncResult<ServiceAnswer> done) {
    if (done.succeeded()) {
      return done.result().isError() ? Outcome.ERROR : Outcome.OK;
    }
    return done.cause() instanceof ServiceException e ? e.outcome() : Outcome.BROKEN;
  }
}
