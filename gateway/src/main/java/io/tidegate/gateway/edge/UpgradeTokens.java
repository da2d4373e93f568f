package io.tidegate.gateway.edge;

import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.wire.Cookies;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The tokens of an upgrade request, from the places where one may stand. Immutable. */
final class UpgradeTokens {
  static final String COOKIE = "tidegate_token";
  static final String SUBPROTOCOL_PREFIX = "tidegate.token.";
  static final String QUERY = "token";
  private static final String BEARER = "bearer ";

  private final Set<TokenSource> sources;

  UpgradeTokens(Set<TokenSource> sources) {
    this.sources = Set.copyOf(sources);
  }

  /** The distinct tokens; more than one means that the request contradicts itself. */
  Set<String> read(HttpServerRequest request, List<String> subprotocols) {
    Set<String> tokens = new LinkedHashSet<>(2);
    for (TokenSource source : sources) {
      switch (source) {
        case HEADER -> readHeader(request, tokens);
        case COOKIE ->
            tokens.addAll(Cookies.named(COOKIE, request.headers().getAll(HttpHeaders.COOKIE)));
        case SUBPROTOCOL -> readSubprotocol(subprotocols, tokens);
        case QUERY -> tokens.addAll(request.params().getAll(QUERY));
        case FIRST_FRAME -> {}
      }
    }
    return tokens;
  }

  private static void readHeader(HttpServerRequest request, Set<String> tokens) {
    for (String value : request.headers().getAll(HttpHeaders.AUTHORIZATION)) {
      // RFC 9110 section 11.1: the scheme is case-insensitive.
      if (value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
        tokens.add(value.substring(BEARER.length()).strip());
      }
    }
  }

  private static void readSubprotocol(List<String> subprotocols, Set<String> tokens) {
    for (String item : subprotocols) {
      if (item.startsWith(SUBPROTOCOL_PREFIX)) {
        tokens.add(item.substring(SUBPROTOCOL_PREFIX.length()));
      }
    }
  }
}
