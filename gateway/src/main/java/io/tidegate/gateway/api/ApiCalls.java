package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * The server API for services on the backplane: the same methods, answers and bounds as on the
 * internal port, in the command {@code api} with {@code {"method", "params"}}. Whoever is on the
 * backplane may call. {@link #call} may be called from any thread; methods run on one event loop.
 */
public final class ApiCalls {
  private static final ApiCaller BACKPLANE = ApiCaller.unrestricted("backplane");

  private final Context loop;
  private final ApiMethods methods;
  private final int maxBody;
  private final Metrics metrics;
  private final LongSupplier nanoTime;
  private final Pending pending; // Confined to the loop.

  /**
   * Makes the calls of a node.
   *
   * @param bounds of a call, and of all under way
   */
  public ApiCalls(
      Vertx vertx,
      ApiMethods methods,
      ApiSettings.Bounds bounds,
      Metrics metrics,
      LongSupplier nanoTime) {
    this.loop = requireNonNull(vertx, "vertx").getOrCreateContext();
    this.methods = requireNonNull(methods, "methods");
    this.maxBody = bounds.maxBody();
    this.pending = new Pending(bounds.maxPending());
    this.metrics = requireNonNull(metrics, "metrics");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
  }

  /** Always answered: with {@code {"result"}} or {@code {"error"}}. */
  Future<Payload> call(int bytes, Params command) {
    Promise<Payload> answer = Promise.promise();
    loop.runOnContext(v -> call(bytes, command, answer));
    return answer.future();
  }

  private void call(int bytes, Params command, Promise<Payload> answer) {
    long start = nanoTime.getAsLong();
    String name;
    Params params;
    try {
      name = command.string("method", Params.NAME_BYTES);
      params = command.object("params");
    } catch (ApiException e) {
      finish("unknown", start, Future.failedFuture(e), answer);
      return;
    }
    ApiMethod method = methods.find(name);
    if (method == null) {
      refuse("unknown", ApiRefusal.UNKNOWN_METHOD, answer);
    } else if (params == null) {
      refuse(name, ApiRefusal.NOT_JSON, answer);
    } else if (bytes > maxBody) {
      metrics.limitHit("api_body");
      refuse(name, ApiRefusal.TOO_LARGE, answer);
    } else if (!pending.begin()) {
      metrics.limitHit("api_requests");
      refuse(name, ApiRefusal.BUSY, answer);
    } else if (!pending.hold(bytes)) {
      pending.end(0);
      metrics.limitHit("api_pending");
      refuse(name, ApiRefusal.NO_ROOM, answer);
    } else {
      method
          .answer(BACKPLANE, params, new Patience(() -> false, nanoTime))
          .onComplete(
              done -> {
                pending.end(bytes);
                finish(name, start, done, answer);
              });
    }
  }

  private void refuse(String method, ApiRefusal refusal, Promise<Payload> answer) {
    metrics.apiRequest(method, BACKPLANE.name(), refusal.label(), 0);
    answer.complete(refusal.body().toPayload());
  }

  private void finish(
      String method, long start, AsyncResult<JsonBody> done, Promise<Payload> answer) {
    String outcome = "ok";
    JsonBody body;
    if (done.succeeded()) {
      body = done.result();
    } else {
      ApiError error = ApiError.of(done.cause());
      outcome = error.label();
      body = error.body();
    }
    metrics.apiRequest(method, BACKPLANE.name(), outcome, (nanoTime.getAsLong() - start) / 1e9);
    answer.complete(body.toPayload());
  }
}
