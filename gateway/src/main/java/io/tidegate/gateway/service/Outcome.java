package io.tidegate.gateway.service;

import io.tidegate.gateway.protocol.ErrorCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a message to a service ended. The metric label is {@link #label}. */
public enum Outcome {
  /** The service took it. */
  OK(null, false),
  /** The service answered with an error of its own, which the client gets as it is. */
  ERROR(null, false),
  /** A status below 500 that is neither success nor an error of its own: 3xx, or a bare 4xx. */
  REJECTED(ErrorCode.NOT_AVAILABLE, false),
  /** A status from 500 on. */
  FAILED(ErrorCode.INTERNAL, true),
  /** The service said that it has too much to do: a bare 429, or 503. */
  BUSY(ErrorCode.TOO_MANY_REQUESTS, true),
  /** No answer in time. It may have been handled. */
  TIMEOUT(ErrorCode.INTERNAL, true),
  /** No connection, or the store does not answer. It was not handled. */
  UNREACHABLE(ErrorCode.INTERNAL, true),
  /** The connection broke before the end of the answer. It may have been handled. */
  BROKEN(ErrorCode.INTERNAL, true),
  /** A success whose data are not JSON. It was handled. */
  BAD_ANSWER(ErrorCode.NOT_AVAILABLE, false),
  /** An answer above {@code max_answer}. It was handled. */
  TOO_LARGE(ErrorCode.NOT_AVAILABLE, false),
  /** Too much is under way to this service from here, or its inbox is full. It was not handled. */
  OVERLOADED(ErrorCode.TOO_MANY_REQUESTS, false),
  /** The service failed so often that it is left alone for a while. It was not handled. */
  CIRCUIT_OPEN(ErrorCode.INTERNAL, false);

  private final @Nullable ErrorCode error;
  private final boolean failure;

  Outcome(@Nullable ErrorCode error, boolean failure) {
    this.error = error;
    this.failure = failure;
  }

  /** What the client is told; of outcomes that are no answers only. */
  public ErrorCode error() {
    if (error == null) {
      throw new IllegalStateException(name() + " (expected: an outcome that is no answer)");
    }
    return error;
  }

  /** Whether it speaks for leaving the service alone. */
  boolean isFailure() {
    return failure;
  }

  /** The name in metrics, logs and texts. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
