package io.tidegate.gateway.ops;

import static java.util.Objects.requireNonNull;

import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ops port, without secrets:
 *
 * <ul>
 *   <li>{@code /live}: 503 when an event loop of this process is stuck, so that it is restarted.
 *   <li>{@code /ready}: 503 when this node wants no clients, with the reasons.
 *   <li>{@code /metrics}: for Prometheus, as text or OpenMetrics.
 * </ul>
 *
 * <p>{@link #start} and {@link #close} may be called from any thread; requests are handled on one
 * event loop.
 */
public final class OpsServer {
  private static final Logger log = LoggerFactory.getLogger(OpsServer.class);
  private static final String JSON = "application/json";
  private static final String OK = "ok";
  private static final int IDLE_SECONDS = 60;

  private final OpsSettings settings;
  private final Readiness readiness;
  private final EventLoops loops;
  private final MetricsPage metrics;
  private final HttpServer server;

  public OpsServer(
      Vertx vertx,
      OpsSettings settings,
      Readiness readiness,
      EventLoops loops,
      CollectorRegistry registry) {
    this.settings = requireNonNull(settings, "settings");
    this.readiness = requireNonNull(readiness, "readiness");
    this.loops = requireNonNull(loops, "loops");
    this.metrics = new MetricsPage(vertx, registry);
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setCompressionSupported(true)
                    .setIdleTimeout(IDLE_SECONDS))
            .requestHandler(this::handle);
  }

  /** Listens; completes with the port, which the system chooses where the settings say 0. */
  public Future<Integer> start() {
    return server.listen(settings.port(), settings.host()).map(HttpServer::actualPort);
  }

  /** Stops listening and ends open connections. Idempotent. */
  public Future<Void> close() {
    return server.close();
  }

  private void handle(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    switch (path) {
      case "/live", "/ready", "/metrics" -> {
        if (isRead(request.method())) {
          read(path, request);
        } else {
          request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
          end(request, 405, JSON, new JsonObject().put("error", "method not allowed").toBuffer());
        }
      }
      default -> end(request, 404, JSON, new JsonObject().put("error", "not found").toBuffer());
    }
  }

  private static boolean isRead(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  private void read(String path, HttpServerRequest request) {
    switch (path) {
      case "/live" -> live(request);
      case "/ready" -> ready(request);
      default -> metrics(request);
    }
  }

  private void live(HttpServerRequest request) {
    int stuck = loops.stuck();
    end(
        request,
        stuck == 0 ? 200 : 503,
        JSON,
        new JsonObject().put("live", stuck == 0).put("stuck_event_loops", stuck).toBuffer());
  }

  private void ready(HttpServerRequest request) {
    Map<Readiness.Check, String> faults = readiness.faults();
    var checks = new JsonObject();
    for (Readiness.Check check : Readiness.Check.values()) {
      checks.put(check.label(), faults.getOrDefault(check, OK));
    }
    end(
        request,
        faults.isEmpty() ? 200 : 503,
        JSON,
        new JsonObject().put("ready", faults.isEmpty()).put("checks", checks).toBuffer());
  }

  private void metrics(HttpServerRequest request) {
    String contentType = MetricsPage.contentType(request.getHeader(HttpHeaders.ACCEPT));
    metrics
        .render(contentType)
        .onSuccess(page -> end(request, 200, contentType, page))
        .onFailure(
            e -> {
              log.error("metrics not rendered", e);
              end(request, 500, JSON, new JsonObject().put("error", "internal").toBuffer());
            });
  }

  private static void end(HttpServerRequest request, int status, String type, Buffer body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body)
        .onFailure(e -> log.debug("ops answer not sent", e));
  }
}
