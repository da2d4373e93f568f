package io.tidegate.gateway.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Reads a request's body, never holding more of it than is allowed. */
final class BoundedBody {
  private final int most;
  private final Buffer bytes = Buffer.buffer();
  private final Promise<byte[]> done = Promise.promise();

  /** The body was not read to its end. */
  static final class BodyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean tooLarge;

    private BodyException(boolean tooLarge) {
      super(tooLarge ? "body too large" : "connection lost", null, false, false);
      this.tooLarge = tooLarge;
    }

    /** Whether it was longer than allowed; else the connection was lost and nobody waits. */
    boolean tooLarge() {
      return tooLarge;
    }
  }

  private BoundedBody(int most) {
    this.most = most;
  }

  /** Fails with {@link BodyException} only; what is left of a longer body is thrown away. */
  static Future<byte[]> read(HttpServerRequest request, int most) {
    if (declaresMore(request.getHeader(HttpHeaders.CONTENT_LENGTH), most)) {
      return Future.failedFuture(new BodyException(true));
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue().onFailure(e -> {}); // The body's future tells of it.
    }
    var body = new BoundedBody(most);
    request.handler(body::add);
    request.exceptionHandler(e -> body.done.tryFail(new BodyException(false)));
    request.endHandler(v -> body.done.tryComplete(body.bytes.getBytes()));
    return body.done.future();
  }

  // A length that is no number has been refused by the HTTP server; the count while reading
  // decides.
  private static boolean declaresMore(@Nullable String length, int most) {
    return length != null
        && length.matches("[0-9]+")
        && (length.length() > 18 || Long.parseLong(length) > most);
  }

  private void add(Buffer chunk) {
    if (done.future().isComplete()) {
      return;
    }
    if (chunk.length() > most - bytes.length()) {
      done.tryFail(new BodyException(true));
    } else {
      bytes.appendBuffer(chunk);
    }
  }
}
