package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The upgrade of one connection (RFC 6455 section 4.1): the request, and whether its answer is
 * good. Immutable.
 */
final class Handshake {
  static final int ANSWER_AT_MOST = 1 << 16;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  static final int KEY_BYTES = 16;

  private final URI url;
  private final String key;
  private final @Nullable String subprotocol;
  private final Map<String, String> headers;

  /**
   * A handshake with a server.
   *
   * @param key 16 random bytes
   * @param subprotocol to be chosen by the server, or null
   */
  Handshake(URI url, byte[] key, @Nullable String subprotocol, Map<String, String> headers) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("key: " + key.length + " bytes (expected: 16)");
    }
    this.url = url;
    this.key = Base64.getEncoder().encodeToString(key);
    this.subprotocol = subprotocol;
    this.headers = Map.copyOf(headers);
  }

  byte[] request() {
    var head = new StringBuilder(512).append("GET ").append(target()).append(" HTTP/1.1\r\n");
    header(head, "Host", url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort());
    header(head, "Connection", "Upgrade");
    header(head, "Upgrade", "websocket");
    header(head, "Sec-WebSocket-Version", "13");
    header(head, "Sec-WebSocket-Key", key);
    if (subprotocol != null) {
      header(head, "Sec-WebSocket-Protocol", subprotocol);
    }
    headers.forEach((name, value) -> header(head, name, value));
    return head.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  private String target() {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /** Refuses an answer that does not open a WebSocket. Takes the head without its last line. */
  void check(String answer) {
    String[] lines = answer.split("\r\n", -1);
    String[] status = lines[0].split(" ", 2);
    if (status.length < 2 || !status[0].startsWith("HTTP/1.1")) {
      throw new ClientException("upgrade: no HTTP/1.1");
    }
    if (!status[1].startsWith("101")) {
      throw new ClientException("upgrade: " + status[1].strip());
    }
    String accepted = value(lines, "sec-websocket-accept");
    if (!accept(key).equals(accepted)) {
      throw new ClientException("upgrade: the answer is to another key");
    }
    if (subprotocol != null && !subprotocol.equals(value(lines, "sec-websocket-protocol"))) {
      throw new ClientException("upgrade: without the subprotocol " + subprotocol);
    }
  }

  private static @Nullable String value(String[] lines, String name) {
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return null;
  }

  /** What a server that understood answers to a key. */
  static String accept(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1 is in every Java", e);
    }
  }
}
