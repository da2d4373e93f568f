package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.protocol.ErrorCode;

/** A call that is answered with an error. Without a stack trace: it is an answer. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode error;
  private final String detail;

  /** {@code detail} stands behind the code's own text, if there is any; it holds nothing secret. */
  public ApiException(ErrorCode error, String detail) {
    super(
        requireNonNull(error, "error").message() + (detail.isEmpty() ? "" : ": " + detail),
        null,
        false,
        false);
    this.error = error;
    this.detail = detail;
  }

  static ApiException badRequest(String name, String expected) {
    return new ApiException(ErrorCode.BAD_REQUEST, name + " (expected: " + expected + ")");
  }

  ErrorCode error() {
    return error;
  }

  String detail() {
    return detail;
  }
}
