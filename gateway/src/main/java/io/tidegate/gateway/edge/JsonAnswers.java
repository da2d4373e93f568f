package io.tidegate.gateway.edge;

import io.tidegate.gateway.wire.HttpAnswer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

/** Refusals as JSON. */
final class JsonAnswers {
  private JsonAnswers() {}

  static HttpAnswer of(Refused refused, HttpMethod method) {
    HttpAnswer answer = new HttpAnswer(refused.status()).header("Cache-Control", "no-store");
    switch (refused) {
      case UPGRADE_REQUIRED, UNSUPPORTED_VERSION -> {
        // RFC 9110 sections 15.5.22 and 7.8, RFC 6455 section 4.4.
        answer.header("Upgrade", "websocket").header("Sec-WebSocket-Version", "13");
        answer.header("Connection", "Upgrade");
      }
      case METHOD_NOT_ALLOWED -> answer.header("Allow", "GET");
      case DRAINING, CONNECTION_LIMIT, ADDRESS_LIMIT, AUTHENTICATION_TIMEOUT ->
          answer.header("Retry-After", "1");
      case INVALID_TOKEN, TOKEN_EXPIRED ->
          answer.header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
      case MISSING_TOKEN -> answer.header("WWW-Authenticate", "Bearer");
      default -> {}
    }
    var error = new JsonObject().put("reason", refused.label()).put("message", refused.text());
    answer.header("Connection", "close").json(new JsonObject().put("error", error).encode());
    return method.equals(HttpMethod.HEAD) ? answer.withoutBody() : answer;
  }
}
