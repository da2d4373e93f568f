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
import java.util.Base64;
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

  private static final Pattern FIELD =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\\x00-\\x08\\x0a-\\x1f\\x7f]*)");
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
    if (code == 101) {
      String problem = problem(head);
      check(problem.isEmpty(), problem, head, answer);
    } else {
      check(REFUSALS.contains(code), "an answer of its own", head, answer);
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

  /** What keeps a head from being an opening handshake (RFC 6455 section 4.2.1). */
  private static String problem(List<String> head) {
    if (!REQUEST.matcher(head.get(0)).matches()) {
      return "request line";
    }
    List<Map.Entry<String, String>> fields =
        head.stream()
            .skip(1)
            .map(FIELD::matcher)
            .filter(Matcher::matches)
            .map(field -> Map.entry(field.group(1).toLowerCase(Locale.ROOT), field.group(2)))
            .toList();
    if (fields.size() != head.size() - 1) {
      return "a line that is no field";
    }
    if (values(fields, "host").size() != 1) {
      return "host";
    }
    if (!items(fields, "upgrade").contains("websocket")) {
      return "upgrade";
    }
    if (!items(fields, "connection").contains("upgrade")) {
      return "connection";
    }
    if (!values(fields, "sec-websocket-version").equals(List.of("13"))) {
      return "version";
    }
    List<String> keys = values(fields, "sec-websocket-key");
    if (keys.size() != 1 || Base64.getDecoder().decode(keys.get(0)).length != 16) {
      return "key";
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

  private static List<String> items(List<Map.Entry<String, String>> fields, String name) {
    return values(fields, name).stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(item -> item.strip().toLowerCase(Locale.ROOT))
        .toList();
  }

  private static void check(boolean holds, String problem, List<String> head, String answer) {
    if (!holds) {
      throw new AssertionError(problem + ": " + head + " answered: " + answer);
    }
  }
}
