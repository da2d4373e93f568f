package io.tidegate.gateway.edge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The public port.
 *
 * @param tls absent only where {@code plaintext} is set
 * @param origins patterns of allowed {@code Origin} headers; empty allows the own host only
 * @param maxConnections connections of this node; above it an upgrade is answered 503
 */
public record ListenSettings(
    String host,
    int port,
    @Nullable TlsSettings tls,
    boolean plaintext,
    List<String> origins,
    int maxConnections) {
  public ListenSettings {
    origins = List.copyOf(origins);
    if ((tls == null) != plaintext) {
      throw new IllegalArgumentException(
          "plaintext: " + plaintext + " (expected: false with listen.tls, true without)");
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException("maxConnections: " + maxConnections + " (expected: >= 1)");
    }
  }
}
