package io.tidegate.gateway.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body, never holding more of it than is allowed, nor than all may hold together.
 * Confined to the request's event loop.
 */
final class BoundedBody {
  private final int most;
  private final Pending pending;
  private final Promise<byte[]> done = Promise.promise();
  private Buffer bytes = Buffer.buffer();
  private int held;

  /** Why a body was not read to its end. */
  enum Failure {
    TOO_LARGE,
    /** Other bodies hold all that may be held. */
    NO_ROOM,
    /** The connection was lost, and nobody waits for an answer. */
    LOST
  }

  /** The body was not read to its end. */
  static final class BodyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    private BodyException(Failure failure) {
      super(failure.name(), null, false, false);
      this.failure = failure;
    }

    Failure failure() {
      return failure;
    }
  }

  BoundedBody(int most, Pending pending) {
    this.most = most;
    this.pending = pending;
  }

  /** Fails with {@link BodyException} only; what is left of a refused body is thrown away. */
  Future<byte[]> read(HttpServerRequest request) {
    if (declaresMore(request.getHeader(HttpHeaders.CONTENT_LENGTH), most)) {
      return Future.failedFuture(new BodyException(Failure.TOO_LARGE));
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue().onFailure(e -> {}); // The body's future tells of it.
    }
    request.handler(this::add);
    request.exceptionHandler(e -> done.tryFail(new BodyException(Failure.LOST)));
    request.endHandler(v -> end());
    return done.future();
  }

  /** Bytes that count as pending for this body. */
  int held() {
    return held;
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
    if (chunk.length() > most - held) {
      done.tryFail(new BodyException(Failure.TOO_LARGE));
    } else if (!pending.hold(chunk.length())) {
      done.tryFail(new BodyException(Failure.NO_ROOM));
    } else {
      held += chunk.length();
      bytes.appendBuffer(chunk);
    }
  }

  // The request keeps this object until it is answered, and nobody needs the body twice.
  private void end() {
    byte[] all = bytes.getBytes();
    bytes = Buffer.buffer();
    done.tryComplete(all);
  }
}
