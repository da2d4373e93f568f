package io.tidegate.gateway.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLContext;

/**
 * An upgrade on a bare socket, so that a test chooses its own address and the bytes in front: all
 * of 127.0.0.0/8 is this machine.
 */
public final class RawUpgrade implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private Socket socket = new Socket();
  private int status;

  private RawUpgrade() {}

  /** Connects from {@code address}, such as 127.0.0.2. */
  public static RawUpgrade from(String address, int port) {
    var upgrade = new RawUpgrade();
    try {
      upgrade.socket.setSoTimeout(PATIENCE_MILLIS);
      upgrade.socket.bind(new InetSocketAddress(address, 0));
      upgrade.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return upgrade;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RawUpgrade send(String text) {
    return send(text.getBytes(ISO_8859_1));
  }

  public RawUpgrade send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What follows is by TLS. */
  public RawUpgrade tls(SSLContext context) {
    try {
      socket = context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks for the upgrade and waits for the answer. */
  public RawUpgrade ask(String... headers) {
    return request(headers).answer();
  }

  /** Waits for the status of an answer. */
  public RawUpgrade answer() {
    status = Integer.parseInt(read("HTTP/1.1 101".length()).substring("HTTP/1.1 ".length()));
    return this;
  }

  /** Asks for the upgrade. */
  public RawUpgrade request(String... headers) {
    String more = String.join("\r\n", headers);
    return send(
        """
        GET /connection/websocket HTTP/1.1
        Host: localhost
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
        """
                .replace("\n", "\r\n")
            + (more.isEmpty() ? "" : more + "\r\n")
            + "\r\n");
  }

  /** The answer's status. */
  public int status() {
    return status;
  }

  /** What is left of the head of the answer. */
  public String head() {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append(read(1));
    }
    return head.toString();
  }

  /** The payload of the next frame of the server, which must be a text frame. */
  public String text() {
    try {
      var in = new DataInputStream(socket.getInputStream());
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (first != 0x81 || length > 126) {
        throw new AssertionError(
            "frame: %02x %02x (expected: a short text)".formatted(first, length));
      }
      byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
      in.readFully(payload);
      return new String(payload, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is left of the answer to a refused request: headers and body. */
  public String rest() {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end; whether it came without a byte before it. */
  public boolean isCut() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read(int length) {
    try {
      String text = new String(socket.getInputStream().readNBytes(length), ISO_8859_1);
      if (text.length() < length) {
        throw new AssertionError("answer: '" + text + "' (expected: a status line)");
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
