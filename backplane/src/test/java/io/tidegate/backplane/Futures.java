package io.tidegate.backplane;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Waits for futures on the test's thread. */
public final class Futures {
  private static final int SECONDS_AT_MOST = 30;

  private Futures() {}

  /** The result; a failure of the future is thrown as it is. */
  @CanIgnoreReturnValue
  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS_AT_MOST, SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError("future failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("future hangs", e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  @CanIgnoreReturnValue
  public static <T> List<T> awaitAll(List<Future<T>> futures) {
    return await(Future.all(futures).map(all -> all.<T>list()));
  }

  /** Why the future failed; it is an error if it did not, or with anything untyped. */
  public static BackplaneException.Reason failureOf(Future<?> future) {
    try {
      Object result = await(future);
      throw new AssertionError("succeeded with " + result);
    } catch (BackplaneException failure) {
      return failure.reason();
    }
  }
}
