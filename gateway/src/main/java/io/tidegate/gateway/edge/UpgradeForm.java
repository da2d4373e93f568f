package io.tidegate.gateway.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a client's opening handshake has to look like (RFC 6455 section 4.2.1, RFC 9112). */
final class UpgradeForm {
  private static final String KEY = "sec-websocket-key";
  private static final String VERSION = "sec-websocket-version";
  private static final String SUBPROTOCOLS = "sec-websocket-protocol";
  private static final String SUPPORTED_VERSION = "13";

  /** Section 4.2.2: the key's 16 bytes in base64. */
  private static final int KEY_LENGTH = 24;

  private static final int KEY_BYTES = 16;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  /** RFC 9110 section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private UpgradeForm() {}

  /** What is wrong with a request of any kind; absent for nothing. */
  static @Nullable Refused checkMessage(HttpServerRequest request) {
    if (request.version() == null) {
      return Refused.HTTP_VERSION;
    }
    // RFC 9112 section 5: a field's name is a token, which the HTTP decoder lets be empty.
    if (request.headers().contains("")) {
      return Refused.MALFORMED_REQUEST;
    }
    // RFC 9112 section 3.2: exactly one, from HTTP/1.1 on, and a valid one.
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    boolean valid =
        hosts.isEmpty()
            ? request.version() == HttpVersion.HTTP_1_0
            : hosts.size() == 1 && !hosts.get(0).isEmpty() && request.authority() != null;
    return valid ? null : Refused.BAD_HOST;
  }

  /** What keeps a request from being an upgrade to a WebSocket; absent for nothing. */
  static @Nullable Refused checkUpgrade(HttpServerRequest request) {
    if (!request.method().equals(HttpMethod.GET)) {
      return Refused.METHOD_NOT_ALLOWED;
    }
    if (hasBody(request)) {
      return Refused.UNEXPECTED_BODY;
    }
    // RFC 9110 section 7.8: in HTTP/1.0 the header means nothing.
    if (request.version() != HttpVersion.HTTP_1_1
        || items(request, HttpHeaders.UPGRADE).noneMatch("websocket"::equalsIgnoreCase)
        || items(request, HttpHeaders.CONNECTION).noneMatch("upgrade"::equalsIgnoreCase)) {
      return Refused.UPGRADE_REQUIRED;
    }
    if (!request.headers().getAll(VERSION).equals(List.of(SUPPORTED_VERSION))) {
      return Refused.UNSUPPORTED_VERSION;
    }
    List<String> keys = request.headers().getAll(KEY);
    return keys.size() == 1 && isKey(keys.get(0)) ? null : Refused.BAD_KEY;
  }

  /**
   * The subprotocols that the client offers, in its order, items with its token among them (RFC
   * 6455 section 11.3.4).
   *
   * @throws RefusedException where they are not one or more tokens, each there once: section 4.1
   *     (10) asks for that, and section 4.2.1 for a 400 otherwise
   */
  static List<String> subprotocols(HttpServerRequest request) {
    List<String> items = items(request, SUBPROTOCOLS).toList();
    boolean tokens = items.stream().allMatch(TOKEN.asMatchPredicate());
    boolean unique = new HashSet<>(items).size() == items.size();
    boolean missing = items.isEmpty() && request.headers().contains(SUBPROTOCOLS);
    if (!tokens || !unique || missing) {
      throw new RefusedException(Refused.MALFORMED_REQUEST);
    }
    return items;
  }

  /** The items of a list that may stand in several header fields (RFC 9110 section 5.6.1). */
  private static Stream<String> items(HttpServerRequest request, CharSequence header) {
    return request.headers().getAll(header).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(item -> !item.isEmpty());
  }

  /** The answer to the key of a checked request (RFC 6455 section 4.2.2). */
  static String accept(HttpServerRequest request) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((request.getHeader(KEY) + GUID).getBytes(ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-1: not in this JDK", e);
    }
  }

  /** RFC 9112 section 6: either header tells of one. */
  private static boolean hasBody(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || request.headers().getAll(HttpHeaders.CONTENT_LENGTH).stream()
            .anyMatch(length -> !length.matches("0+"));
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == KEY_LENGTH && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
