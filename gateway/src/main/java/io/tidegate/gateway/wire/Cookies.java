package io.tidegate.gateway.wire;

import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.util.List;

/** Reads {@code Cookie} (RFC 6265 section 4.2). */
public final class Cookies {
  private Cookies() {}

  /**
   * The values of every cookie of a name. A browser sends several where they were set for different
   * paths or domains, and no order of them says which is meant.
   *
   * @param headers the values of the request's {@code Cookie} headers
   */
  public static List<String> named(String name, List<String> headers) {
    return headers.stream()
        .flatMap(header -> ServerCookieDecoder.STRICT.decodeAll(header).stream())
        .filter(cookie -> cookie.name().equals(name))
        .map(Cookie::value)
        .toList();
  }
}
