package io.tidegate.gateway.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Does something asynchronous for each item, a bounded number at once, started in order; the
 * results are in the items' order. Belongs to one event loop, on which the futures complete.
 */
final class InOrder<T, R> {
  private final List<T> items;
  private final int atOnce;
  private final Function<T, Future<R>> step;
  private final Object[] results;
  private final Promise<List<R>> done = Promise.promise();
  private int started;
  private int finished;
  private boolean starting;

  private InOrder(List<T> items, int atOnce, Function<T, Future<R>> step) {
    this.items = items;
    this.atOnce = atOnce;
    this.step = step;
    this.results = new Object[items.size()];
  }

  /** Fails with the first failure of a step; what is under way then goes on, unheard. */
  static <T, R> Future<List<R>> map(List<T> items, int atOnce, Function<T, Future<R>> step) {
    if (items.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    var run = new InOrder<>(items, atOnce, step);
    run.startMore();
    return run.done.future();
  }

  // A step may be finished before it returns; the flag keeps that from nesting calls.
  private void startMore() {
    if (starting) {
      return;
    }
    starting = true;
    while (started < items.size() && started - finished < atOnce && !done.future().failed()) {
      int index = started++;
      Future.succeededFuture(items.get(index))
          .compose(step)
          .onFailure(done::tryFail)
          .onSuccess(result -> finish(index, result));
    }
    starting = false;
  }

  @SuppressWarnings("unchecked") // Only results of type R are put there.
  private void finish(int index, R result) {
    results[index] = result;
    finished++;
    if (finished == items.size()) {
      done.tryComplete((List<R>) Arrays.asList(results));
    } else {
      startMore();
    }
  }
}
