package io.tidegate.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.local.LocalNode;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.testing.TestNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A caller of a service behind HTTP, asked on an event loop as sessions do. */
abstract class HttpServiceFixture {
  static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  static final String NEW = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  static final ClientInfo ANN = new ClientInfo("c1", "ann", null, null);
  static final Payload DATA = Payload.utf8("{\"text\":\"hi\"}");
  static final BreakerSettings PATIENT = new BreakerSettings(1_000, 100, Duration.ofSeconds(1));

  final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Metrics metrics = new Metrics(registry);
  final Turned clock = new Turned();
  final Backend backend = new Backend();
  private final List<Services> open = new ArrayList<>();

  /** A clock that stands until it is turned. */
  static final class Turned extends Clock {
    final AtomicLong millis = new AtomicLong(1_700_000_000_000L);

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis.get());
    }
  }

  @AfterEach
  void close() {
    open.forEach(services -> TestNode.await(services.close()));
    backend.close();
    TestNode.await(vertx.close());
  }

  static ServiceSettings.Http settings(
      URI url, @Nullable Path authority, int concurrency, int waiting, BreakerSettings breaker) {
    return settings(url, authority, Duration.ofMillis(1_500), concurrency, waiting, breaker);
  }

  static ServiceSettings.Http settings(
      URI url,
      @Nullable Path authority,
      Duration timeout,
      int concurrency,
      int waiting,
      BreakerSettings breaker) {
    return new ServiceSettings.Http(
        "backend",
        url,
        List.of(OLD, NEW),
        authority,
        timeout,
        concurrency,
        waiting,
        1_024,
        breaker);
  }

  Services services(ServicesSettings settings) {
    return new Services(
        settings,
        "node-1",
        vertx,
        new LocalNode(
                vertx, new NodeInfo("n", "n", "0", 0), TestNode.store(), BackplaneMetrics.NONE)
            .inbox(),
        metrics,
        clock,
        System::nanoTime,
        () -> UUID.randomUUID().toString());
  }

  ServiceCaller caller(ServiceSettings.Http settings) {
    Services services =
        services(new ServicesSettings(List.of(settings), Map.of("*", "backend"), null, 32));
    open.add(services);
    return Objects.requireNonNull(services.rpc("any"));
  }

  ServiceCaller caller() {
    return caller(settings(backend.url(), null, 8, 8, PATIENT));
  }

  /** Asks on the event loop, as sessions do; what comes back must come back there. */
  Future<ServiceAnswer> ask(ServiceCaller caller) {
    Promise<ServiceAnswer> promise = Promise.promise();
    loop.runOnContext(
        v ->
            caller
                .request("chat.send", DATA, ANN)
                .onComplete(
                    done -> {
                      assertThat(Vertx.currentContext()).isSameAs(loop);
                      promise.handle(done);
                    }));
    return promise.future();
  }

  static Outcome outcome(Future<ServiceAnswer> call) {
    return TestNode.await(
        call.transform(
            done -> {
              assertThat(done.failed()).isTrue();
              assertThat(done.cause()).isInstanceOf(ServiceException.class);
              return Future.succeededFuture(((ServiceException) done.cause()).outcome());
            }));
  }

  double counted(Outcome outcome) {
    Double sample =
        registry.getSampleValue(
            "tidegate_service_requests_total",
            new String[] {"service", "outcome"},
            new String[] {"backend", outcome.label()});
    return sample == null ? 0 : sample;
  }

  double inflight() {
    return registry.getSampleValue(
        "tidegate_service_inflight", new String[] {"service"}, new String[] {"backend"});
  }

  void endsWith(Outcome expected, ServiceCaller caller) {
    assertThat(outcome(ask(caller))).isEqualTo(expected);
    assertThat(counted(expected)).isEqualTo(1);
    assertThat(inflight()).isZero();
  }
}
