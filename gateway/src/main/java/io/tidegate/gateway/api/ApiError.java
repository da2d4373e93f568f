package io.tidegate.gateway.api;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.gateway.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a failed call is answered: the closed table from failures to codes. */
record ApiError(ErrorCode code, String message) {
  private static final Logger log = LoggerFactory.getLogger(ApiError.class);

  static final JsonBody SCHEMA =
      Schema.object(Map.of("code", Schema.INTEGER, "message", Schema.STRING));

  /** {@link #SCHEMA} in the OpenAPI document. */
  static final JsonBody REFERENCE =
      json -> json.writeStringField("$ref", "#/components/schemas/Error");

  static ApiError of(Throwable failure) {
    if (failure instanceof ApiException e) {
      return new ApiError(e.error(), String.valueOf(e.getMessage()));
    }
    if (failure instanceof BackplaneException e) {
      ErrorCode code = codeOf(e.reason());
      return new ApiError(code, code.message() + ": " + textOf(e.reason()));
    }
    log.error("api call failed", failure);
    return new ApiError(ErrorCode.INTERNAL, ErrorCode.INTERNAL.message());
  }

  /** The failure of a method that has its own advice to who does not know whether it was done. */
  static <T> Future<T> unsure(Throwable failure, String advice) {
    boolean unsure = failure instanceof BackplaneException e && e.reason() == Reason.INDETERMINATE;
    return Future.failedFuture(
        unsure
            ? new ApiException(ErrorCode.INTERNAL, textOf(Reason.INDETERMINATE) + "; " + advice)
            : failure);
  }

  /** The name in metrics. */
  String label() {
    return code.name().toLowerCase(Locale.ROOT);
  }

  JsonBody body() {
    return JsonBody.error(code, message);
  }

  private static ErrorCode codeOf(Reason reason) {
    return switch (reason) {
      case OVERLOADED -> ErrorCode.TOO_MANY_REQUESTS;
      case LIMIT -> ErrorCode.LIMIT_EXCEEDED;
      case UNAVAILABLE, INDETERMINATE, CLOSED -> ErrorCode.INTERNAL;
    };
  }

  private static String textOf(Reason reason) {
    return switch (reason) {
      case OVERLOADED -> "too much in flight; nothing was done";
      case LIMIT -> "a bound of the store was reached; nothing was done";
      case UNAVAILABLE, CLOSED -> "the store is not available; nothing was done";
      case INDETERMINATE -> "it may have been done";
    };
  }
}
