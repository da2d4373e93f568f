package io.tidegate.gateway.abuse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** The requests of good and of bad clients (RFC 6455 section 4.1). */
final class Requests {
  private static final String CRLF = "\r\n";

  private Requests() {}

  /** A complete and correct request. */
  static byte[] upgrade(String path, String... headers) {
    return bytes(requestLines(path, headers) + CRLF);
  }

  /** The same without the empty line that ends it. */
  static String requestLines(String path, String... headers) {
    return String.join(
            CRLF,
            "GET " + path + " HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
        + CRLF
        + String.join("", List.of(headers).stream().map(header -> header + CRLF).toList());
  }

  /** {@code count} times the same. */
  static byte[] times(int count, byte[] bytes) {
    var out = new ByteArrayOutputStream(count * bytes.length);
    for (int i = 0; i < count; i++) {
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
