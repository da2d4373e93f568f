package io.tidegate.gateway.api;

import io.tidegate.gateway.protocol.ErrorCode;
import java.util.Locale;

/** What a request is answered with when it is no call at all. The label is the metric's outcome. */
enum ApiRefusal {
  UNAUTHORIZED(401, ErrorCode.UNAUTHORIZED, "X-API-Key (expected: one of the keys of internal)"),
  BROWSER(401, ErrorCode.UNAUTHORIZED, "Origin (expected: none, or a configured key)"),
  NOT_LOOPBACK(401, ErrorCode.UNAUTHORIZED, "caller (expected: loopback, or a configured key)"),
  UNKNOWN_METHOD(
      404, ErrorCode.METHOD_NOT_FOUND, "path (expected: /api/ and a method, such as publish)"),
  NOT_POST(405, ErrorCode.BAD_REQUEST, "HTTP method (expected: POST)"),
  NOT_GET(405, ErrorCode.BAD_REQUEST, "HTTP method (expected: GET)"),
  NOT_JSON(400, ErrorCode.BAD_REQUEST, "body (expected: one JSON object)"),
  TOO_LARGE(413, ErrorCode.LIMIT_EXCEEDED, "body (expected: at most internal.max_body)"),
  BUSY(503, ErrorCode.TOO_MANY_REQUESTS, "requests under way (expected: fewer)"),
  NO_ROOM(
      503,
      ErrorCode.TOO_MANY_REQUESTS,
      "bodies of requests under way (expected: at most internal.max_pending together)");

  private final int status;
  private final ErrorCode error;
  private final String detail;

  ApiRefusal(int status, ErrorCode error, String detail) {
    this.status = status;
    this.error = error;
    this.detail = detail;
  }

  int status() {
    return status;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  JsonBody body() {
    return JsonBody.error(error, error.message() + ": " + detail);
  }
}
