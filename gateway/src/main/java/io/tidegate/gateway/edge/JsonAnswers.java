package io.tidegate.gateway.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** Refusals as JSON. */
final class JsonAnswers {
  private JsonAnswers() {}

  static void refuse(HttpServerRequest request, Refused refused) {
    HttpServerResponse response =
        request
            .response()
            .setStatusCode(refused.status())
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .putHeader(HttpHeaders.CONNECTION, "close");
    switch (refused) {
      case UPGRADE_REQUIRED -> response.putHeader("upgrade", "websocket");
      case METHOD_NOT_ALLOWED -> response.putHeader("allow", "GET");
      case DRAINING, CONNECTION_LIMIT, ADDRESS_LIMIT -> response.putHeader("retry-after", "1");
      case INVALID_TOKEN, TOKEN_EXPIRED ->
          response.putHeader("www-authenticate", "Bearer error=\"invalid_token\"");
      case MISSING_TOKEN -> response.putHeader("www-authenticate", "Bearer");
      default -> {}
    }
    var error = new JsonObject().put("reason", refused.label()).put("message", refused.text());
    response
        .end(new JsonObject().put("error", error).encode())
        .compose(sent -> request.connection().close())
        .onFailure(gone -> {});
  }
}
