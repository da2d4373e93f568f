package io.tidegate.gateway.api;

import io.tidegate.gateway.protocol.ErrorCode;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long a call of several steps goes on: until nobody waits for its answer, or its time is over.
 * Then no step begins any more; one that has begun keeps its own bound. Shorter than the connection
 * may be idle, so that who waits is told what was done. Confined to the call's event loop.
 */
final class Patience {
  static final int SECONDS = 30;

  private final BooleanSupplier unheard;
  private final LongSupplier nanoTime;
  private final long startNanos;

  /** Begins now; {@code unheard} says whether the caller is gone. */
  Patience(BooleanSupplier unheard, LongSupplier nanoTime) {
    this.unheard = unheard;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  boolean isOver() {
    return nanoTime.getAsLong() - startNanos > TimeUnit.SECONDS.toNanos(SECONDS)
        || unheard.getAsBoolean();
  }

  /** What a step is answered that does not begin any more. */
  static ApiException notBegun() {
    return new ApiException(
        ErrorCode.INTERNAL, "not begun, because the call took more than " + SECONDS + " seconds");
  }
}
