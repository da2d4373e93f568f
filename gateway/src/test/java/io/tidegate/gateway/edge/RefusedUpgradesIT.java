package io.tidegate.gateway.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way in which a request is no opening handshake, by the section that says so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RefusedUpgradesIT {
  private static final String LINE = "GET /connection/websocket HTTP/1.1";
  private static final String HOST = "Host: localhost";
  private static final String UPGRADE = "Upgrade: websocket";
  private static final String CONNECTION = "Connection: Upgrade";
  private static final String VERSION = "Sec-WebSocket-Version: 13";
  private static final String KEY = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
  private static final String[] VALID = {LINE, HOST, UPGRADE, CONNECTION, VERSION, KEY};

  private final TestNode node = node();

  private static TestNode node() {
    return new TestNode(
        NodeOptions.of(TestNode.store()).sources(EnumSet.allOf(TokenSource.class), true));
  }

  @BeforeAll
  void start() {
    assertThat(exchange(request())).startsWith("HTTP/1.1 101 ");
  }

  @AfterAll
  void close() {
    node.close();
  }

  private record Case(String section, String request, int status, String reason) {
    @Override
    public String toString() {
      return section;
    }
  }

  static Stream<Case> requests() {
    return Stream.of(
        of("9112 3: no request line", "rubbish\r\n\r\n", 400, "malformed_request"),
        of("9112 3: two words", with(LINE, "GET /connection/websocket"), 400, "malformed_request"),
        of("9112 2.3: no such version", with(LINE, LINE + "x"), 400, "malformed_request"),
        of("9112 2.2: lone line feeds", request().replace("\r\n", "\n"), 400, "malformed_request"),
        of("9112 5.1: space before colon", with(HOST, "Host : x"), 400, "malformed_request"),
        of("9112 5.1: space in a name", more("a b: c"), 400, "malformed_request"),
        of("9112 5: no name", more(": c"), 400, "malformed_request"),
        of("9110 5.5: a NUL in a value", more("a: b\0c"), 400, "malformed_request"),
        of("9110 15.6.6: HTTP/2", with(LINE, LINE.replace("1.1", "2.0")), 505, "http_version"),
        of("9110 15.6.6: HTTP/1.2", with(LINE, LINE.replace("1.1", "1.2")), 505, "http_version"),
        of("9112 3.2: no Host", with(HOST), 400, "bad_host"),
        of("9112 3.2: two Hosts", with(HOST, HOST, HOST), 400, "bad_host"),
        of("9112 3.2: empty Host", with(HOST, "Host:"), 400, "bad_host"),
        of("9112 3.2: rubbish as Host", with(HOST, "Host: a b"), 400, "bad_host"),
        of("9112 3.2: list as Host", with(HOST, "Host: a, b"), 400, "bad_host"),
        of("9110 15.5.5: another path", with(LINE, "GET / HTTP/1.1"), 404, "not_found"),
        of("9112 3.2.4: asterisk", with(LINE, "OPTIONS * HTTP/1.1"), 404, "not_found"),
        of("9112 3.2.3: CONNECT", with(LINE, "CONNECT a:1 HTTP/1.1"), 404, "not_found"),
        of("6455 4.2.1 (1): POST", method("POST"), 405, "method_not_allowed"),
        of("6455 4.2.1 (1): get", method("get"), 405, "method_not_allowed"),
        of("6455 4.1 (1): a body", more("Content-Length: 9"), 400, "unexpected_body"),
        of("6455 4.1 (1): chunks", more("Transfer-Encoding: chunked"), 400, "unexpected_body"),
        of("9112 6.2: no length", more("Content-Length: x"), 400, "malformed_request"),
        of(
            "9112 6.3: two lengths",
            more("Content-Length: 0\r\nContent-Length: 1"),
            400,
            "malformed_request"),
        of("6455 4.2.1 (3): no Upgrade", with(UPGRADE), 426, "upgrade_required"),
        of("6455 4.2.1 (3): to h2c", with(UPGRADE, "Upgrade: h2c"), 426, "upgrade_required"),
        of("6455 4.2.1 (3): part", with(UPGRADE, "Upgrade: websockets"), 426, "upgrade_required"),
        of("6455 4.2.1 (4): no Connection", with(CONNECTION), 426, "upgrade_required"),
        of(
            "6455 4.2.1 (4): another option",
            with(CONNECTION, "Connection: keep-alive"),
            426,
            "upgrade_required"),
        of(
            "9110 7.8: in HTTP/1.0",
            with(LINE, LINE.replace("1.1", "1.0")),
            426,
            "upgrade_required"),
        of("6455 4.2.1 (6): no version", with(VERSION), 426, "unsupported_version"),
        of(
            "6455 4.4: version 8",
            with(VERSION, replaced(VERSION, "8")),
            426,
            "unsupported_version"),
        of(
            "6455 4.4: two versions",
            with(VERSION, replaced(VERSION, "13, 8")),
            426,
            "unsupported_version"),
        of("6455 11.3.5: version twice", more(VERSION), 426, "unsupported_version"),
        of("6455 4.2.1 (5): no key", with(KEY), 400, "bad_key"),
        of("6455 11.3.1: two keys", more(KEY), 400, "bad_key"),
        of("6455 4.2.1 (5): empty key", with(KEY, replaced(KEY, "")), 400, "bad_key"),
        of("6455 4.1 (7): 15 bytes", with(KEY, replaced(KEY, "A".repeat(20))), 400, "bad_key"),
        of(
            "6455 4.1 (7): 17 bytes",
            with(KEY, replaced(KEY, "A".repeat(23) + "=")),
            400,
            "bad_key"),
        of("4648 3.2: no padding", with(KEY, replaced(KEY, "A".repeat(22))), 400, "bad_key"),
        of("4648 4: no base64", with(KEY, replaced(KEY, "*".repeat(22) + "==")), 400, "bad_key"),
        of("3986 2.1: no escape", with(LINE, target("?token=%zz")), 400, "malformed_request"),
        of("9112 3: too long", with(LINE, target("?" + "a".repeat(16 << 10))), 414, "uri_too_long"),
        of(
            "6585 5: too many fields",
            more(("a: " + "b".repeat(1000) + "\r\n").repeat(33) + "c: d"),
            431,
            "headers_too_large"),
        of("6585 5: too long a field", more("a: " + "b".repeat(40_000)), 431, "headers_too_large"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void isRefusedByName(Case request) {
    double before = refused(request.reason);

    String answer = exchange(request.request);

    String[] parts = answer.split("\r\n\r\n", -1);
    assertThat(parts[0]).startsWith("HTTP/1.1 " + request.status + " ");
    assertThat(parts[0]).contains("Content-Type: application/json", "Connection: close");
    assertThat(parts[0]).contains("Content-Length: " + parts[1].length());
    JsonObject error = new JsonObject(parts[1]).getJsonObject("error");
    assertThat(error.getString("reason")).isEqualTo(request.reason);
    assertThat(error.getString("message")).isNotBlank();
    assertThat(refused(request.reason)).isEqualTo(before + 1);
  }

  /** RFC 9110 sections 15.5.22 and 7.8, RFC 6455 section 4.4. */
  @Test
  void whoHasToUpgradeIsToldToWhat() {
    for (String request : new String[] {with(UPGRADE), with(VERSION)}) {
      assertThat(exchange(request))
          .contains("\r\nUpgrade: websocket\r\n", "\r\nSec-WebSocket-Version: 13\r\n")
          .contains("\r\nConnection: Upgrade\r\n");
    }
  }

  /** RFC 9110 section 15.5.6. */
  @Test
  void whoMayNotPostIsToldWhatIsAllowed() {
    assertThat(exchange(method("POST"))).contains("\r\nAllow: GET\r\n");
  }

  /** RFC 9110 section 9.3.2. */
  @Test
  void theAnswerToAHeadHasNoBody() {
    assertThat(exchange(method("HEAD"))).startsWith("HTTP/1.1 405 ").endsWith("\r\n\r\n");
  }

  /** RFC 9110 sections 5.6.1 and 7.8, RFC 9112 sections 2.2 and 3.2.2, RFC 6455 section 4.2.1. */
  @ParameterizedTest
  @MethodSource("variants")
  void whatTheRulesAllowIsAccepted(String request) {
    assertThat(exchange(request))
        .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
        .contains("\r\nUpgrade: websocket\r\n", "\r\nConnection: Upgrade\r\n")
        // RFC 6455 section 4.2.2 (5.4).
        .contains("\r\nSec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n")
        .doesNotContainIgnoringCase(
            "content-length", "transfer-encoding", "Sec-WebSocket-Protocol");
  }

  static Stream<String> variants() {
    return Stream.of(
        with(UPGRADE, "upgrade: WebSocket"),
        with(UPGRADE, "Upgrade: h2c, websocket"),
        with(UPGRADE, "Upgrade: h2c", "Upgrade: ,, websocket ,"),
        with(CONNECTION, "CONNECTION: keep-alive,upgrade"),
        with(CONNECTION, "Connection: keep-alive", CONNECTION),
        with(VERSION, "Sec-WebSocket-Version:\t13 "),
        with(HOST, "Host: [::1]:8443"),
        with(LINE, "GET http://localhost/connection/websocket HTTP/1.1"),
        with(LINE, target("?a=b")),
        more("Content-Length: 0"),
        more("Expect: 100-continue"),
        "\r\n" + request());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 50})
  void aRequestInPiecesIsTheSameRequest(int bytes) {
    try (var upgrade = RawUpgrade.from("127.0.0.1", node.port())) {
      byte[] request = request().getBytes(ISO_8859_1);
      for (int i = 0; i < request.length; i += bytes) {
        upgrade.send(Arrays.copyOfRange(request, i, Math.min(i + bytes, request.length)));
      }
      assertThat(upgrade.answer().status()).isEqualTo(101);
    }
  }

  /** The whole answer; of a refusal all that comes until the end. */
  private String exchange(String request) {
    try (var upgrade = RawUpgrade.from("127.0.0.1", node.port())) {
      upgrade.send(request).answer();
      String start = "HTTP/1.1 " + upgrade.status();
      return start + (upgrade.status() == 101 ? upgrade.head() : upgrade.rest());
    }
  }

  private double refused(String reason) {
    return node.metric("tidegate_upgrades_refused_total", "reason", reason);
  }

  private static Case of(String section, String request, int status, String reason) {
    return new Case(section, request, status, reason);
  }

  private static String request() {
    return String.join("\r\n", VALID) + "\r\n\r\n";
  }

  /** A request in which {@code line} is replaced by other lines, or by none. */
  private static String with(String line, String... others) {
    return request()
        .replace(line + "\r\n", Stream.of(others).map(l -> l + "\r\n").reduce("", String::concat));
  }

  private static String more(String lines) {
    return with(KEY, KEY, lines);
  }

  private static String method(String method) {
    return with(LINE, LINE.replace("GET", method));
  }

  private static String target(String query) {
    return LINE.replace(" HTTP", query + " HTTP");
  }

  private static String replaced(String header, String value) {
    return header.substring(0, header.indexOf(':') + 1) + " " + value;
  }
}
