package io.tidegate.gateway.auth;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From which pages a browser may connect. A pattern is an origin, whose host may begin with {@code
 * *.} for any subdomain but not the domain itself; {@code *} for every origin; or {@code null} for
 * the opaque origin of sandboxed pages and files, which not even {@code *} includes. Without
 * patterns only pages of the very host that is connected to are let in.
 */
public final class OriginPolicy {
  /** How a pattern is written, as a user is told. */
  public static final String EXPECTED =
      "\"*\", \"null\", or an origin such as https://app.example.com";

  private final List<Origin> patterns = new ArrayList<>();
  private final boolean sameHost;
  private final boolean any;
  private final boolean opaque;

  public OriginPolicy(List<String> patterns) {
    this.sameHost = patterns.isEmpty();
    this.any = patterns.contains("*");
    this.opaque = patterns.contains("null");
    for (String pattern : patterns) {
      Origin origin = Origin.parse(pattern);
      if (origin != null) {
        this.patterns.add(origin);
      } else if (!isPattern(pattern)) {
        throw new IllegalArgumentException(
            "origins: '" + pattern + "' (expected: " + EXPECTED + ")");
      }
    }
  }

  public static boolean isPattern(String text) {
    return text.equals("*") || text.equals("null") || Origin.parse(text) != null;
  }

  /**
   * Judges an upgrade request.
   *
   * @param origin its {@code Origin}; absent outside of browsers, which is allowed: whoever is not
   *     a browser can write there what it likes
   * @param host its {@code Host}
   * @param tls whether it came by TLS, so that a page without it is another origin
   */
  public boolean allows(@Nullable String origin, @Nullable String host, boolean tls) {
    if (origin == null) {
      return true;
    }
    if (origin.equals("null")) {
      return opaque;
    }
    Origin parsed = Origin.parse(origin);
    if (parsed == null || parsed.host().startsWith("*")) {
      return false;
    }
    if (sameHost) {
      return host != null && isSameHost(parsed, host, tls);
    }
    return any || patterns.stream().anyMatch(pattern -> pattern.matches(parsed));
  }

  // Behind a proxy that ends TLS the node sees plain HTTP while the page is https: both will do.
  private static boolean isSameHost(Origin origin, String host, boolean tls) {
    boolean https = origin.scheme().equals("https");
    boolean http = origin.scheme().equals("http") && !tls;
    return (https || http) && origin.equals(Origin.parse(origin.scheme() + "://" + host));
  }
}
