package io.tidegate.gateway.auth;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A scheme, host and port (RFC 6454 section 4), in lower case.
 *
 * @param port the scheme's own where the text names none; -1 where it has no default
 */
record Origin(String scheme, String host, int port) {
  private static final Pattern FORM =
      Pattern.compile(
          "([a-z][a-z0-9+.-]*)://((?:\\*\\.)?[a-z0-9._~%-]+|\\[[0-9a-f:.]+\\])(?::([0-9]{1,5}))?");

  /** Absent when {@code text} is no origin; a path, a user or a list is none. */
  static @Nullable Origin parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return null;
    }
    String scheme = matcher.group(1);
    int port = matcher.group(3) == null ? defaultPort(scheme) : Integer.parseInt(matcher.group(3));
    return port > 65535 ? null : new Origin(scheme, matcher.group(2), port);
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "https", "wss" -> 443;
      case "http", "ws" -> 80;
      default -> -1;
    };
  }

  /** Whether this pattern, which may begin with {@code *.}, fits {@code origin}. */
  boolean matches(Origin origin) {
    return scheme.equals(origin.scheme)
        && port == origin.port
        && (host.startsWith("*.")
            ? origin.host.length() > host.length() - 1 && origin.host.endsWith(host.substring(1))
            : host.equals(origin.host));
  }
}
