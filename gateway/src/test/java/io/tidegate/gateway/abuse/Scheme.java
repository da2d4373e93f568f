package io.tidegate.gateway.abuse;

import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.testing.Trust;
import java.net.URI;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** How clients reach a node. */
enum Scheme {
  WS,
  WSS;

  /** Keys of the public port, for a node whose certificate is made in {@code directory}. */
  String listen(Path directory) {
    if (this == WS) {
      return "plaintext: true";
    }
    try {
      Pems.certificate(directory, "tls", "EC");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return "tls: { certificate: %s, key: %s }"
        .formatted(directory.resolve("tls.pem"), directory.resolve("tls.key"));
  }

  /** What its clients trust; absent where there is no TLS. */
  @Nullable SSLContext trust(Path directory) {
    return this == WS ? null : Trust.in(directory.resolve("tls.pem"));
  }

  URI clients(int port) {
    return URI.create((this == WS ? "ws" : "wss") + "://localhost:" + port + Siege.CLIENTS);
  }

  /** So many attackers, or by TLS a fifth: each handshake costs both sides a millisecond. */
  int of(int attackers) {
    return this == WS ? attackers : attackers / 5;
  }
}
