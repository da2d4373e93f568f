package io.tidegate.gateway.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Any bytes on an accepted socket: what a node answers to a head, if they hold one. */
final class HandshakeFuzzTest {
  private static final int PATIENCE_MILLIS = 120_000;

  /** RFC 9112 section 3: a server may take any white space for the one between the words. */
  private static final Pattern REQUEST =
      Pattern.compile(
          "GET[ \t\\x0b\f\r]+[^\\s]*/connection/websocket(\\?[^\\s]*)?[ \t\\x0b\f\r]+HTTP/1\\.1[ \t\\x0b\f\r]*");

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern FIELD =
      Pattern.compile("(" + TOKEN + "):[ \t]*([^\\x00-\\x08\\x0a-\\x1f\\x7f]*)");

  /** A head in which nothing is open to taste: one path, no token, a name as host, line ends. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "GET /connection/websocket(\\?(?![^ ]*token)[A-Za-z0-9=&._-]*)? HTTP/1\\.1\r\n([^\r\n]+\r\n){1,100}\r\n");

  private static final Pattern PLAIN_HOST = Pattern.compile("[A-Za-z0-9]+(:[0-9]{1,4})?");

  /** Fields for whose content there are rules beside those of the handshake. */
  private static final Set<String> EXTRAS =
      Set.of(
          "authorization",
          "content-length",
          "cookie",
          "forwarded",
          "origin",
          "sec-websocket-extensions",
          "sec-websocket-protocol",
          "x-forwarded-for",
          "x-forwarded-proto");

  private static final int MOST_OF_A_PLAIN_HEAD = 8 << 10;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3}) .*");
  private static final Set<Integer> REFUSALS =
      Stream.of(Refused.values())
          .filter(refused -> refused != Refused.INTERNAL)
          .map(Refused::status)
          .collect(Collectors.toSet());

  private static @Nullable TestNode node;

  @BeforeAll
  static void start() {
    node =
        new TestNode(
            NodeOptions.of(TestNode.store()).sources(EnumSet.allOf(TokenSource.class), true));
  }

  @AfterAll
  static void close() {
    requireNonNull(node, "node").close();
  }

  @FuzzTest
  void aHeadIsAnsweredAndOnlyAValidOneWithA101(byte[] bytes) throws IOException {
    List<String> head = head(new String(bytes, ISO_8859_1));
    if (head.isEmpty()) {
      return;
    }
    String answer = answer(bytes);
    Matcher status = STATUS.matcher(answer.lines().findFirst().orElse(""));
    check(status.matches(), "no answer", head, answer);
    int code = Integer.parseInt(status.group(1));
    String problem = problem(head);
    if (code == 101) {
      check(problem.isEmpty(), problem, head, answer);
    } else {
      check(REFUSALS.contains(code), "an answer of its own", head, answer);
      boolean good = problem.isEmpty() && isPlain(new String(bytes, ISO_8859_1), head);
      check(!good, "a valid head was refused", head, answer);
    }
  }

  private static String answer(byte[] request) throws IOException {
    int port = requireNonNull(node, "node").port();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      // Ports are few, and not to be kept for a while after each.
      socket.setSoLinger(true, 0);
      socket.getOutputStream().write(request);
      InputStream in = socket.getInputStream();
      var answer = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        answer.write(b);
        if (b == '\n' && answer.toString(ISO_8859_1).startsWith("HTTP/1.1 101 ")) {
          break;
        }
      }
      return answer.toString(ISO_8859_1);
    }
  }

  /** The lines of the first head, which ends with an empty line; empty where none is complete. */
  private static List<String> head(String bytes) {
    String text = bytes.replaceFirst("^[\\x00-\\x20\\x7f-\\x9f]+", "");
    Matcher end = Pattern.compile("\r?\n\r?\n").matcher(text);
    return end.find()
        ? Arrays.asList(text.substring(0, end.start()).split("\r?\n", -1))
        : List.of();
  }

  /** Whether a head without a problem has nothing either that a node may refuse by other rules. */
  private static boolean isPlain(String bytes, List<String> head) {
    int end = bytes.indexOf("\r\n\r\n") + 4;
    List<Map.Entry<String, String>> fields = fields(head);
    return end <= MOST_OF_A_PLAIN_HEAD
        && PLAIN.matcher(bytes.substring(0, end)).matches()
        && fields.stream().noneMatch(field -> EXTRAS.contains(field.getKey()))
        && PLAIN_HOST.matcher(values(fields, "host").get(0)).matches();
  }

  private static List<Map.Entry<String, String>> fields(List<String> head) {
    return head.stream()
        .skip(1)
        .map(FIELD::matcher)
        .filter(Matcher::matches)
        .map(field -> Map.entry(field.group(1).toLowerCase(Locale.ROOT), field.group(2)))
        .toList();
  }

  /** What keeps a head from being an opening handshake (RFC 6455 section 4.2.1). */
  private static String problem(List<String> head) {
    if (!REQUEST.matcher(head.get(0)).matches()) {
      return "request line";
    }
    List<Map.Entry<String, String>> fields = fields(head);
    if (fields.size() != head.size() - 1) {
      return "a line that is no field";
    }
    if (values(fields, "host").size() != 1) {
      return "host";
    }
    if (items(fields, "upgrade").noneMatch("websocket"::equalsIgnoreCase)) {
      return "upgrade";
    }
    if (items(fields, "connection").noneMatch("upgrade"::equalsIgnoreCase)) {
      return "connection";
    }
    if (!values(fields, "sec-websocket-version").equals(List.of("13"))) {
      return "version";
    }
    List<String> keys = values(fields, "sec-websocket-key");
    if (keys.size() != 1 || !keys.get(0).matches("[A-Za-z0-9+/]{22}==")) {
      return "key";
    }
    if (!values(fields, "sec-websocket-protocol").isEmpty() && !areSubprotocols(fields)) {
      return "subprotocols";
    }
    boolean body =
        !values(fields, "transfer-encoding").isEmpty()
            || values(fields, "content-length").stream().anyMatch(value -> !value.matches("0+"));
    return body ? "body" : "";
  }

  private static List<String> values(List<Map.Entry<String, String>> fields, String name) {
    return fields.stream()
        .filter(field -> field.getKey().equals(name))
        .map(field -> field.getValue().strip())
        .toList();
  }

  /** Section 4.1 (10): of a list that is not empty each one is a token, and there once. */
  private static boolean areSubprotocols(List<Map.Entry<String, String>> fields) {
    List<String> items = items(fields, "sec-websocket-protocol").toList();
    return !items.isEmpty()
        && items.stream().allMatch(item -> item.matches(TOKEN))
        && items.stream().distinct().count() == items.size();
  }

  private static Stream<String> items(List<Map.Entry<String, String>> fields, String name) {
    return values(fields, name).stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(String::strip)
        .filter(item -> !item.isEmpty());
  }

  private static void check(boolean holds, String problem, List<String> head, String answer) {
    if (!holds) {
      throw new AssertionError(problem + ": " + head + " answered: " + answer);
    }
  }
}
