package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.protocol.ErrorCode;

/** A call that is answered with an error. Without a stack trace: it is an answer. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode error;

  /** {@code detail} stands behind the code's own text; it holds nothing secret. */
  ApiException(ErrorCode error, String detail) {
    super(requireNonNull(error, "error").message() + ": " + detail, null, false, false);
    this.error = error;
  }

  static ApiException badRequest(String name, String expected) {
    return new ApiException(ErrorCode.BAD_REQUEST, name + " (expected: " + expected + ")");
  }

  ErrorCode error() {
    return error;
  }
}
