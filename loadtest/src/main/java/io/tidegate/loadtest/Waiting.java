package io.tidegate.loadtest;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How the main thread, and no other, waits for something. Stateless. */
final class Waiting {
  private Waiting() {}

  /** The value; what failed is told in words for the person who waits. */
  static <T> T on(Future<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /** Whether it is there before the time is over. */
  static boolean upTo(long nanos, Future<?> future) throws InterruptedException {
    try {
      future.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  /** Takes a permit, or tells that none came free in time. */
  static boolean permit(Semaphore permits, long nanos) throws InterruptedException {
    return permits(permits, 1, nanos);
  }

  static boolean permits(Semaphore permits, int count, long nanos) throws InterruptedException {
    return permits.tryAcquire(count, nanos, TimeUnit.NANOSECONDS);
  }

  private static LoadTestException failure(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    if (cause instanceof LoadTestException known) {
      return known;
    }
    return new LoadTestException(
        cause instanceof TimeoutException ? "no answer in time" : cause.toString());
  }
}
