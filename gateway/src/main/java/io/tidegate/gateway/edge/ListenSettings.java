package io.tidegate.gateway.edge;

import io.tidegate.gateway.address.Network;
import io.tidegate.gateway.wire.SocketTransport;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The public port.
 *
 * @param transport by which of the system's interfaces sockets are read and written
 * @param tls absent only where {@code plaintext} is set
 * @param origins patterns of allowed {@code Origin} headers; empty allows the own host only
 * @param proxyProtocol whether each trusted proxy begins a connection with a PROXY header
 * @param trustedProxies whose word on clients' addresses is believed
 * @param maxConnections connections of this node; above it an upgrade is answered 503
 * @param connectionsPerAddress connections of one address; 0 for no limit
 * @param maxHandshakes sockets of this node without a 101; above it a new one is cut
 * @param handshakeTimeout from accepting a socket to its 101
 */
public record ListenSettings(
    String host,
    int port,
    SocketTransport transport,
    @Nullable TlsSettings tls,
    boolean plaintext,
    List<String> origins,
    boolean proxyProtocol,
    List<Network> trustedProxies,
    int maxConnections,
    int connectionsPerAddress,
    int maxHandshakes,
    Duration handshakeTimeout) {
  public ListenSettings {
    origins = List.copyOf(origins);
    trustedProxies = List.copyOf(trustedProxies);
    if ((tls == null) != plaintext) {
      throw new IllegalArgumentException(
          "plaintext: " + plaintext + " (expected: false with listen.tls, true without)");
    }
    if (proxyProtocol && trustedProxies.isEmpty()) {
      throw new IllegalArgumentException(
          "trustedProxies: empty (expected: at least one network, because listen.proxy_protocol is true)");
    }
    if (maxConnections < 1) {
      throw new IllegalArgumentException("maxConnections: " + maxConnections + " (expected: >= 1)");
    }
    if (maxHandshakes < 1) {
      throw new IllegalArgumentException("maxHandshakes: " + maxHandshakes + " (expected: >= 1)");
    }
    if (handshakeTimeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "handshakeTimeout: " + handshakeTimeout + " (expected: > 0s)");
    }
  }
}
