package io.tidegate.backplane.redis;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/** A command on its way. Confined to the node's context. */
final class Call {
  private final Request request;
  private final boolean repeatable;
  private final long deadlineNanos;
  private final Promise<Response> promise;
  private boolean sent;

  /**
   * Makes one that is not sent yet.
   *
   * @param repeatable whether it does no harm to do it twice
   */
  Call(Request request, boolean repeatable, long deadlineNanos, Promise<Response> promise) {
    this.request = request;
    this.repeatable = repeatable;
    this.deadlineNanos = deadlineNanos;
    this.promise = promise;
  }

  Request request() {
    return request;
  }

  boolean isRepeatable() {
    return repeatable;
  }

  boolean isLate(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  void sent() {
    sent = true;
  }

  void answer(Response response) {
    promise.complete(response);
  }

  /** Fails it; as undecided if it may have been done. */
  void giveUp(String why) {
    boolean undecided = sent && !repeatable;
    promise.fail(
        new BackplaneException(undecided ? Reason.INDETERMINATE : Reason.UNAVAILABLE, why));
  }

  /** Fails it: the store said that it did nothing. */
  void refuse(String why) {
    promise.fail(new BackplaneException(Reason.UNAVAILABLE, why));
  }

  /** The store said that it did nothing: so it may be sent again. */
  void undone() {
    sent = false;
  }
}
