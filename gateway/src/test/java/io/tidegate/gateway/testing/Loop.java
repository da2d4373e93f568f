package io.tidegate.gateway.testing;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** One event loop, for what is confined to one. */
public final class Loop implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();

  public Context context() {
    return context;
  }

  /** Takes {@code step} in one task of the loop. */
  public <T> T call(Callable<T> step) {
    Promise<T> done = Promise.promise();
    context.runOnContext(
        v -> {
          try {
            done.complete(step.call());
          } catch (Throwable e) {
            done.fail(e);
          }
        });
    return TestNode.await(done.future());
  }

  public void run(Runnable step) {
    Object unused =
        call(
            () -> {
              step.run();
              return "";
            });
  }

  /** Waits until {@code condition} holds on the loop. */
  public void until(Callable<Boolean> condition) {
    await().until(() -> call(condition));
  }

  @Override
  public void close() {
    Object unused = TestNode.await(vertx.close().map(""));
  }
}
