package io.tidegate.gateway.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UpgradeIT {
  private static final Set<TokenSource> NOT_IN_FRAMES =
      Set.of(TokenSource.HEADER, TokenSource.COOKIE, TokenSource.SUBPROTOCOL, TokenSource.QUERY);

  private final TestNode node =
      new TestNode(
          NodeOptions.of(TestNode.store())
              .sources(NOT_IN_FRAMES, false)
              .edge(List.of("https://app.example.com"), 2, null));
  private final String token = TestTokens.of("ann");

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void tokenIsTakenFromHeaderCookieSubprotocolAndQuery() {
    assertThat(userAfter(TestClient.Options.PLAIN.header("Authorization", "Bearer " + token), ""))
        .isTrue();
    assertThat(userAfter(TestClient.Options.PLAIN.header("Cookie", "tidegate_token=" + token), ""))
        .isTrue();
    assertThat(
            userAfter(
                TestClient.Options.PLAIN.subprotocols("centrifuge-json", "tidegate.token." + token),
                ""))
        .isTrue();
    assertThat(userAfter(TestClient.Options.PLAIN, "?token=" + token)).isTrue();
  }

  @Test
  void realSubprotocolIsChosenAndTheTokenItemIsNot() {
    var options =
        TestClient.Options.PLAIN.subprotocols("tidegate.token." + token, "centrifuge-json");
    try (TestClient client = TestClient.connect(node.uri(), options)) {
      assertThat(client.subprotocol()).isEqualTo("centrifuge-json");
    }
  }

  @Test
  void firstSubprotocolOfferedThatIsSpokenIsChosen() {
    assertThat(chosen("graphql-ws", "centrifuge-protobuf", "centrifuge-json"))
        .isEqualTo("centrifuge-protobuf");
    assertThat(chosen("centrifuge-json", "centrifuge-protobuf")).isEqualTo("centrifuge-json");
  }

  private String chosen(String... offered) {
    var options =
        TestClient.Options.PLAIN.subprotocols(offered).header("Authorization", "Bearer " + token);
    try (TestClient client = TestClient.connect(node.uri(), options)) {
      return client.subprotocol();
    }
  }

  @Test
  void requestWithoutTokenIsUnauthorized() {
    refused(401, "missing_token", TestClient.Options.PLAIN, "");
  }

  @Test
  void badTokenIsUnauthorized() {
    refused(
        401,
        "invalid_token",
        TestClient.Options.PLAIN.header("Authorization", "Bearer " + token + "x"),
        "");
  }

  @Test
  void expiredTokenIsNamedSo() {
    String old = TestTokens.of(new JsonObject().put("sub", "ann").put("exp", 1_000));
    refused(401, "token_expired", TestClient.Options.PLAIN, "?token=" + old);
  }

  @Test
  void twoDifferentTokensContradictEachOther() {
    var options = TestClient.Options.PLAIN.header("Authorization", "Bearer " + token);
    refused(400, "conflicting_tokens", options, "?token=" + TestTokens.of("bob"));
  }

  @Test
  void sameTokenTwiceIsOneToken() {
    var options = TestClient.Options.PLAIN.header("Authorization", "Bearer " + token);
    assertThat(userAfter(options, "?token=" + token)).isTrue();
  }

  /** Set for two paths, both come with one request, in one header or in two. */
  @Test
  void twoDifferentCookiesContradictEachOther() throws Exception {
    String mine = "tidegate_token=" + token;
    String other = "tidegate_token=" + TestTokens.of("bob");
    assertThat(statusWithCookies(mine + "; " + other)).isEqualTo("400");
    assertThat(statusWithCookies("a=b; " + other, mine)).isEqualTo("400");
    assertThat(node.metric("tidegate_upgrades_refused_total", "reason", "conflicting_tokens"))
        .isEqualTo(2);
  }

  @Test
  void sameCookieTwiceIsOneToken() throws Exception {
    String mine = "tidegate_token=" + token;
    assertThat(statusWithCookies(mine + "; a=b; " + mine)).isEqualTo("101");
    assertThat(statusWithCookies(mine, mine)).isEqualTo("101");
  }

  @Test
  void foreignOriginIsForbiddenAndAllowedOriginIsNot() {
    refused(
        403,
        "origin_not_allowed",
        TestClient.Options.PLAIN.header("Origin", "https://evil.example.com"),
        "?token=" + token);
    assertThat(
            userAfter(
                TestClient.Options.PLAIN.header("Origin", "https://app.example.com"),
                "?token=" + token))
        .isTrue();
  }

  @Test
  void subprotocolThatIsNotSpokenIsRefused() {
    refused(
        400,
        "unsupported_subprotocol",
        TestClient.Options.PLAIN.subprotocols("graphql-ws"),
        "?token=" + token);
  }

  @Test
  void oneConnectionTooManyIsTurnedAwayUntilAPlaceIsFree() {
    URI uri = URI.create(node.uri() + "?token=" + token);
    TestClient first = TestClient.connect(uri, TestClient.Options.PLAIN);
    try (TestClient second = TestClient.connect(uri, TestClient.Options.PLAIN)) {
      assertThat(second.isClosed()).isFalse();
      refused(503, "connection_limit", TestClient.Options.PLAIN, "?token=" + token);
      first.abort();
      await().until(() -> node.admission().connections() == 1);
      assertThat(userAfter(TestClient.Options.PLAIN, "?token=" + token)).isTrue();
    }
  }

  @Test
  void drainingNodeTurnsEverybodyAway() {
    node.admission().close();
    refused(503, "draining", TestClient.Options.PLAIN, "?token=" + token);
  }

  @Test
  void requestThatIsNoUpgradeIsToldSo() throws Exception {
    assertThat(get("/connection/websocket").statusCode()).isEqualTo(426);
    assertThat(get("/connection/websocket").headers().firstValue("upgrade")).hasValue("websocket");
    assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
    assertThat(new JsonObject(get("/elsewhere").body()).getJsonObject("error").getString("reason"))
        .isEqualTo("not_found");
    HttpRequest post =
        HttpRequest.newBuilder(http("/connection/websocket"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofString()))
        .returns(405, HttpResponse::statusCode);
  }

  @Test
  void requestThatCannotBeReadTakesNoPlace() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (Socket socket = request("?token=%zz", "")) {
        assertThat(status(socket)).isEqualTo("400");
      }
    }
    await().until(() -> node.admission().connections() == 0);
  }

  @Test
  void compressionIsNotAgreedTo() throws Exception {
    try (Socket socket =
        request("?token=" + token, "Sec-WebSocket-Extensions: permessage-deflate\r\n")) {
      assertThat(head(socket)).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("deflate");
    }
  }

  @Test
  void placeIsHeldUntilTheSocketIsGone() throws Exception {
    try (Socket socket = request("?token=" + token, "")) {
      assertThat(status(socket)).isEqualTo("101");
      socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'});
      await()
          .until(
              () -> node.metric("tidegate_connections_closed_total", "reason", "bad_request") == 1);
      assertThat(node.admission().connections()).isEqualTo(1);
    }
    await().until(() -> node.admission().connections() == 0);
  }

  private String statusWithCookies(String... cookies) throws IOException {
    String headers = "Cookie: " + String.join("\r\nCookie: ", cookies) + "\r\n";
    try (Socket socket = request("", headers)) {
      return status(socket);
    }
  }

  private Socket request(String query, String headers) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
    String request =
        "GET /connection/websocket"
            + query
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            + headers
            + "\r\n";
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  private static String head(Socket socket) throws IOException {
    var head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException(head.toString());
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static String status(Socket socket) throws IOException {
    return head(socket).substring(9, 12);
  }

  private boolean userAfter(TestClient.Options options, String query) {
    try (TestClient client = TestClient.connect(URI.create(node.uri() + query), options)) {
      return client.command("connect", new JsonObject()).containsKey("connect");
    }
  }

  private void refused(int status, String reason, TestClient.Options options, String query) {
    double before = node.metric("tidegate_upgrades_refused_total", "reason", reason);
    Throwable failure =
        catchThrowable(() -> TestClient.tryConnect(URI.create(node.uri() + query), options).join());
    assertThat(failure).hasCauseInstanceOf(WebSocketHandshakeException.class);
    var refusal = (WebSocketHandshakeException) requireNonNull(failure.getCause());
    assertThat(refusal.getResponse().statusCode()).isEqualTo(status);
    assertThat(node.metric("tidegate_upgrades_refused_total", "reason", reason))
        .isEqualTo(before + 1);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(http(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI http(String path) {
    return URI.create("http://127.0.0.1:" + node.port() + path);
  }
}
