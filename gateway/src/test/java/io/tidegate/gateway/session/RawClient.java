package io.tidegate.gateway.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client on a bare socket that subscribes and then reads nothing. */
final class RawClient {
  private RawClient() {}

  static Socket subscribed(int port, String token, String channel) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    String request =
        String.join(
            "\r\n",
            "GET /connection/websocket HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "",
            "");
    // The frame goes out in the same segment as the request: it has to arrive all the same.
    var first = new ByteArrayOutputStream();
    first.writeBytes(request.getBytes(ISO_8859_1));
    first.writeBytes(
        text(
            "{\"id\":1,\"connect\":{\"token\":\""
                + token
                + "\"}}\n{\"id\":2,\"subscribe\":{\"channel\":\""
                + channel
                + "\"}}"));
    socket.getOutputStream().write(first.toByteArray());
    String head = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
    if (!head.equals("HTTP/1.1 101")) {
      throw new IOException("answer: '" + head + "' (expected: HTTP/1.1 101)");
    }
    return socket;
  }

  /** A masked control frame without payload. */
  static byte[] control(int opcode) {
    return new byte[] {(byte) (0x80 | opcode), (byte) 0x80, 0, 0, 0, 0};
  }

  /** A masked text frame, the mask all zero (RFC 6455 section 5.2). */
  static byte[] text(String payload) {
    byte[] bytes = payload.getBytes(UTF_8);
    var frame = new ByteArrayOutputStream();
    frame.write(0x81);
    frame.write(0x80 | 126);
    frame.write(bytes.length >> 8);
    frame.write(bytes.length);
    frame.writeBytes(new byte[4]);
    frame.writeBytes(bytes);
    return frame.toByteArray();
  }
}
