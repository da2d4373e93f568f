package io.tidegate.gateway.conformance;

import io.tidegate.gateway.testing.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A server under test.
 *
 * @param scheme {@code ws} or {@code wss}
 * @param port on the loopback address
 * @param trust of its certificate; absent for {@code ws}
 * @param closer closes connections from the server's side
 */
record Target(String scheme, int port, @Nullable SSLContext trust, Closer closer) {
  /** Makes the server begin a closing handshake. */
  interface Closer {
    void disconnect(String user, int code);
  }

  /** A guard against hanging for ever: no case takes that long. */
  private static final int PATIENCE_MILLIS = 30_000;

  /** A socket, with TLS where the scheme says so. */
  Socket connect() throws IOException {
    var plain = new Socket(InetAddress.getLoopbackAddress(), port);
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(PATIENCE_MILLIS);
    if (trust == null) {
      return plain;
    }
    var socket = (SSLSocket) trust.getSocketFactory().createSocket(plain, "localhost", port, true);
    socket.startHandshake();
    return socket;
  }

  /** The answer to a request, which may be a refusal. */
  Exchange ask(Request request) throws IOException {
    return Exchange.begin(connect()).send(request.bytes());
  }

  /** The request with who sends it, so that the connection can be found. */
  Request asUser(Request request, String user) {
    return request.with("Authorization", "Bearer " + TestTokens.of(user));
  }

  void disconnect(String user, int code) {
    closer.disconnect(user, code);
  }

  /** A connection whose upgrade has to succeed. */
  Peer open(Request request) throws IOException {
    return ask(request).upgraded();
  }
}
