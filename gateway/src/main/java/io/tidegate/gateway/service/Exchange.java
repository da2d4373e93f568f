package io.tidegate.gateway.service;

import io.tidegate.backplane.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, under one deadline that begins with waiting for a connection.
 * Confined to the context it was started on.
 */
final class Exchange {
  /** An answer, read to its end. */
  record Answer(int status, Payload body) {}

  private final int most;
  private final Buffer body = Buffer.buffer();
  private final Promise<Answer> done = Promise.promise();
  private @Nullable HttpClientRequest request;

  private Exchange(int most) {
    this.most = most;
  }

  /**
   * Runs it to its end; fails with {@link ServiceException} only, and then cuts the connection.
   *
   * @param most bytes of the answer's body
   */
  static Future<Answer> run(
      Vertx vertx,
      HttpClient client,
      RequestOptions options,
      byte[] data,
      Duration timeout,
      int most) {
    var exchange = new Exchange(most);
    long timer = vertx.setTimer(timeout.toMillis(), id -> exchange.fail(Outcome.TIMEOUT, null));
    options.setConnectTimeout(timeout.toMillis());
    client
        .request(options)
        .onSuccess(made -> exchange.send(made, data))
        .onFailure(
            e -> // A timeout here is of waiting for a connection.
            exchange.fail(
                    e instanceof TimeoutException ? Outcome.TIMEOUT : Outcome.UNREACHABLE, e));
    return exchange.done.future().onComplete(ended -> vertx.cancelTimer(timer));
  }

  private void send(HttpClientRequest made, byte[] data) {
    request = made;
    if (done.future().isComplete()) {
      cut();
      return;
    }
    made.send(Buffer.buffer(data)).onSuccess(this::receive).onFailure(e -> fail(Outcome.BROKEN, e));
  }

  private void receive(HttpClientResponse response) {
    response.handler(this::add);
    response.exceptionHandler(e -> fail(Outcome.BROKEN, e));
    response.endHandler(
        end -> done.tryComplete(new Answer(response.statusCode(), Payload.of(body.getBytes()))));
    if (declaresMore(response.getHeader(HttpHeaders.CONTENT_LENGTH))) {
      fail(Outcome.TOO_LARGE, null);
    }
  }

  // A length that is no number has been refused by the client; the count while reading decides.
  private boolean declaresMore(@Nullable String length) {
    return length != null
        && length.matches("[0-9]+")
        && (length.length() > 18 || Long.parseLong(length) > most);
  }

  private void add(Buffer chunk) {
    if (chunk.length() > most - body.length()) {
      fail(Outcome.TOO_LARGE, null);
    } else {
      body.appendBuffer(chunk);
    }
  }

  private void fail(Outcome outcome, @Nullable Throwable cause) {
    if (done.tryFail(new ServiceException(outcome, cause))) {
      cut();
    }
  }

  private void cut() {
    if (request != null) {
      request.reset().onFailure(e -> {}); // It has ended by itself.
    }
  }
}
