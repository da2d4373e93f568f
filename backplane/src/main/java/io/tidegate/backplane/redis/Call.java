package io.tidegate.backplane.redis;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/** A command on its way. Confined to the node's context. */
final class Call {
  /** What a command does, and so what becomes of it when nobody knows whether it was done. */
  enum Kind {
    /** Changes nothing of a caller's: repeated at will. */
    READ,
    /** Does no harm when it is done twice: repeated, but it may have been done. */
    REPEATABLE,
    /** As {@link #REPEATABLE}, as long as it is told that it is a repetition. */
    KEYED,
    /** Done once at most: never repeated. */
    ONCE
  }

  private final Request request;
  private final Kind kind;
  private final long deadlineNanos;
  private final Promise<Response> promise;
  private int sendings;

  /** Makes one that is not sent yet. */
  Call(Request request, Kind kind, long deadlineNanos, Promise<Response> promise) {
    this.request = request;
    this.kind = kind;
    this.deadlineNanos = deadlineNanos;
    this.promise = promise;
  }

  /** What to send; counts as a sending. */
  Request send() {
    if (sendings == 1 && kind == Kind.KEYED) {
      request.arg("again");
    }
    sendings++;
    return request;
  }

  boolean isRepeatable() {
    return kind != Kind.ONCE;
  }

  boolean isLate(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  void answer(Response response) {
    promise.complete(response);
  }

  /** Fails it; as undecided if it may have been done. */
  void giveUp(String why) {
    boolean undecided = sendings > 0 && kind != Kind.READ;
    promise.fail(
        new BackplaneException(undecided ? Reason.INDETERMINATE : Reason.UNAVAILABLE, why));
  }

  /** The store said that the last sending did nothing. */
  void undone() {
    sendings--;
  }
}
