package io.tidegate.gateway.api;

import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.auth.ApiKeys;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who may call the server API. With keys configured: who presents one. Without: who is on this
 * machine and is not a browser, since any web page could make a browser here post to loopback.
 */
final class ApiAccess {
  private static final String SCHEME = "apikey ";
  private static final ApiCaller LOOPBACK = ApiCaller.unrestricted("loopback");

  private final ApiKeys keys;

  ApiAccess(ApiKeys keys) {
    this.keys = keys;
  }

  /** Who calls; absent where the caller is not let in. */
  @Nullable ApiCaller admit(HttpServerRequest request) {
    if (keys.isEmpty()) {
      boolean local = isLoopback(request) && !request.headers().contains(HttpHeaders.ORIGIN);
      return local ? LOOPBACK : null;
    }
    String key = keyOf(request);
    return key == null ? null : keys.find(key);
  }

  /** Why a caller was not let in. */
  ApiRefusal refusal(HttpServerRequest request) {
    if (!keys.isEmpty()) {
      return ApiRefusal.UNAUTHORIZED;
    }
    return request.headers().contains(HttpHeaders.ORIGIN)
        ? ApiRefusal.BROWSER
        : ApiRefusal.NOT_LOOPBACK;
  }

  private static @Nullable String keyOf(HttpServerRequest request) {
    String key = request.getHeader("X-API-Key");
    if (key != null) {
      return key;
    }
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).trim()
        : null;
  }

  private static boolean isLoopback(HttpServerRequest request) {
    String address = request.remoteAddress().hostAddress();
    return address != null
        && (address.startsWith("127.")
            || address.equals("0:0:0:0:0:0:0:1")
            || address.equals("::1"));
  }
}
