package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.api.BoundedBody.BodyException;
import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.auth.ApiKeys;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The internal port: {@code POST /api/METHOD}, one JSON object each way. A call that fails is
 * answered 200 with an {@code error}; any other status means that there was no call. {@code GET
 * /api/openapi.json} tells the methods.
 *
 * <p>{@link #start} and {@link #close} may be called from any thread; requests are handled on one
 * event loop.
 */
public final class ApiServer {
  private static final Logger log = LoggerFactory.getLogger(ApiServer.class);
  private static final String PATH = "/api/";
  private static final String DOCUMENT = "openapi.json";
  private static final int IDLE_SECONDS = 60;
  private static final long LINGER_MILLIS = 500;

  private final Vertx vertx;
  private final ApiSettings settings;
  private final ApiMethods methods;
  private final Payload document;
  private final ApiAccess access;
  private final Metrics metrics;
  private final LongSupplier nanoTime;
  private final HttpServer server;
  private final Pending pending;

  public ApiServer(
      Vertx vertx,
      ApiSettings settings,
      ApiMethods methods,
      Metrics metrics,
      LongSupplier nanoTime) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.settings = requireNonNull(settings, "settings");
    this.methods = requireNonNull(methods, "methods");
    this.document = OpenApi.document(methods.all()).toPayload();
    this.pending = new Pending(settings.bounds().maxPending());
    this.access = new ApiAccess(new ApiKeys(settings.keys()));
    this.metrics = requireNonNull(metrics, "metrics");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
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
    var exchange = new Exchange(request, nanoTime.getAsLong());
    ApiCaller caller = access.admit(request);
    if (caller == null) {
      exchange.refuse(access.refusal(request));
      return;
    }
    exchange.caller = caller.name();
    String path = request.path() == null ? "" : request.path();
    String name = path.startsWith(PATH) ? path.substring(PATH.length()) : "";
    ApiMethod method = methods.find(name);
    if (method == null && !name.equals(DOCUMENT)) {
      exchange.refuse(ApiRefusal.UNKNOWN_METHOD);
      return;
    }
    exchange.method = name;
    if (method == null && request.method().equals(HttpMethod.GET)) {
      exchange.end(200, "ok", document);
    } else if (method == null) {
      exchange.refuse(ApiRefusal.NOT_GET);
    } else if (!request.method().equals(HttpMethod.POST)) {
      exchange.refuse(ApiRefusal.NOT_POST);
    } else if (!pending.begin()) {
      exchange.refuse(ApiRefusal.BUSY, "api_requests");
    } else {
      call(exchange, method, caller);
    }
  }

  private void call(Exchange exchange, ApiMethod method, ApiCaller caller) {
    var body = new BoundedBody(settings.bounds().maxBody(), pending);
    body.read(exchange.request)
        .compose(ApiServer::parse)
        .compose(params -> method.answer(caller, params, exchange.patience()))
        .onComplete(
            answer -> {
              pending.end(body.held());
              exchange.finish(answer);
            });
  }

  private static Future<Params> parse(byte[] body) {
    try {
      return Future.succeededFuture(Params.parse(body));
    } catch (NotJsonException e) {
      return Future.failedFuture(e);
    }
  }

  /** One request and its answer. */
  private final class Exchange {
    private final HttpServerRequest request;
    private final long startNanos;
    private String method = "unknown";
    private String caller = "none";

    Exchange(HttpServerRequest request, long startNanos) {
      this.request = request;
      this.startNanos = startNanos;
    }

    Patience patience() {
      return new Patience(request.response()::closed, nanoTime);
    }

    void finish(AsyncResult<JsonBody> answer) {
      if (answer.succeeded()) {
        end(200, "ok", answer.result());
      } else if (answer.cause() instanceof BodyException e) {
        finish(e.failure());
      } else if (answer.cause() instanceof NotJsonException) {
        refuse(ApiRefusal.NOT_JSON);
      } else {
        ApiError error = ApiError.of(answer.cause());
        end(200, error.label(), error.body());
      }
    }

    private void finish(BoundedBody.Failure failure) {
      switch (failure) {
        case TOO_LARGE -> refuse(ApiRefusal.TOO_LARGE, "api_body");
        case NO_ROOM -> refuse(ApiRefusal.NO_ROOM, "api_pending");
        case LOST -> observe("connection_lost");
      }
    }

    void refuse(ApiRefusal refusal, String limit) {
      metrics.limitHit(limit);
      refuse(refusal);
    }

    void refuse(ApiRefusal refusal) {
      if (!request.isEnded()) {
        closeSoon();
      }
      if (refusal.status() == 405) {
        String allowed = refusal == ApiRefusal.NOT_GET ? "GET" : "POST";
        request.response().putHeader(HttpHeaders.ALLOW, allowed);
      }
      end(refusal.status(), refusal.label(), refusal.body());
    }

    // The rest of the body is on its way and nobody wants it. Closing at once would reset the
    // connection under a caller that is still writing and has not read the answer yet.
    private void closeSoon() {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      var ignored =
          vertx.setTimer(
              LINGER_MILLIS,
              timer ->
                  request
                      .connection()
                      .close()
                      .onFailure(e -> log.debug("api connection not closed", e)));
    }

    private void end(int status, String outcome, JsonBody body) {
      end(status, outcome, body.toPayload());
    }

    private void end(int status, String outcome, Payload body) {
      observe(outcome);
      log.debug("api request answered method={} status={} outcome={}", method, status, outcome);
      request
          .response()
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .end(Buffer.buffer(body.bytes()))
          .onFailure(e -> log.debug("api answer not sent method={}", method, e));
    }

    private void observe(String outcome) {
      metrics.apiRequest(method, caller, outcome, (nanoTime.getAsLong() - startNanos) / 1e9);
    }
  }
}
