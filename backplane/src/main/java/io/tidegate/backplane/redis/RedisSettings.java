package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which server, and how a node uses it.
 *
 * @param uri {@code redis://USER:PASSWORD@HOST:PORT/DATABASE}, or {@code rediss://} for TLS; all
 *     but scheme and host may be left out. It holds a secret and is never printed
 * @param authorities PEM file of the authorities that may sign the server's certificate; absent for
 *     those that Java trusts
 * @param prefix begins every key and every published name
 * @param presencePerChannel presence entries that a channel may have
 * @param leaseTimeout a node that has not renewed its lease for so long is given up
 */
public record RedisSettings(
    String uri,
    @Nullable String authorities,
    String prefix,
    int presencePerChannel,
    Duration leaseTimeout) {

  public RedisSettings {
    requireNonNull(uri, "uri");
    requireNonNull(prefix, "prefix");
    requireNonNull(leaseTimeout, "leaseTimeout");
    check(uri);
    if (prefix.isBlank() || prefix.indexOf('{') >= 0 || prefix.indexOf('}') >= 0) {
      throw new IllegalArgumentException("prefix: '" + prefix + "' (expected: a name without { })");
    }
    if (presencePerChannel < 1) {
      throw new IllegalArgumentException(
          "presencePerChannel: " + presencePerChannel + " (expected: > 0)");
    }
    if (leaseTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("leaseTimeout: " + leaseTimeout + " (expected: >= 1s)");
    }
  }

  public static RedisSettings of(String uri, String prefix) {
    return new RedisSettings(uri, null, prefix, 10_000, Duration.ofSeconds(5));
  }

  boolean isTls() {
    return uri.startsWith("rediss:");
  }

  int database() {
    String path = URI.create(uri).getPath();
    return path == null || path.length() < 2 ? 0 : Integer.parseInt(path.substring(1));
  }

  /** User and password, or the password alone, or nothing; as the client reads them. */
  List<String> credentials() {
    String given = URI.create(uri).getRawUserInfo();
    if (given == null || given.indexOf(':') < 0) {
      return List.of();
    }
    String user = URLDecoder.decode(given.substring(0, given.indexOf(':')), UTF_8);
    String password = URLDecoder.decode(given.substring(given.indexOf(':') + 1), UTF_8);
    return user.isEmpty() ? List.of(password) : List.of(user, password);
  }

  /** The server without the secret. */
  String server() {
    URI parsed = URI.create(uri);
    return parsed.getHost() + ":" + (parsed.getPort() < 0 ? 6379 : parsed.getPort());
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "RedisSettings[" + server() + "/" + database() + ", prefix=" + prefix + "]";
  }

  /** The message leaves the value out, since it may hold a secret. */
  private static void check(String uri) {
    var problem =
        new IllegalArgumentException(
            "uri: (not shown) (expected: redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], or"
                + " rediss:// for TLS)");
    try {
      URI parsed = new URI(uri);
      boolean known = "redis".equals(parsed.getScheme()) || "rediss".equals(parsed.getScheme());
      String path = parsed.getPath() == null ? "" : parsed.getPath();
      if (!known
          || parsed.getHost() == null
          || !path.matches("|/|/\\d{1,5}")
          || parsed.getQuery() != null
          || parsed.getFragment() != null) {
        throw problem;
      }
    } catch (URISyntaxException e) {
      throw problem;
    }
  }
}
