package io.tidegate.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and what is no call at all. */
final class ApiServerTest {
  private static final String PUBLISH = "{\"channel\":\"news\",\"data\":1}";

  @Test
  void eachKeyIsAcceptedInEitherHeader() {
    try (var api = new ApiFixture(List.of("first", "second"))) {
      assertThat(api.send(publish(api).header("X-API-Key", "first")).statusCode()).isEqualTo(200);
      assertThat(api.send(publish(api).header("x-api-key", "second")).statusCode()).isEqualTo(200);
      for (String scheme : List.of("apikey", "ApiKey")) {
        HttpRequest.Builder request = publish(api).header("Authorization", scheme + " second");
        assertThat(api.send(request).statusCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void withoutARightKeyTheAnswerIs401() {
    try (var api = new ApiFixture(List.of("first"))) {
      for (HttpRequest.Builder request :
          List.of(
              publish(api),
              publish(api).header("X-API-Key", "wrong"),
              publish(api).header("X-API-Key", ""),
              publish(api).header("X-API-Key", "wrong").header("Authorization", "apikey first"),
              publish(api).header("Authorization", "Bearer first"),
              publish(api).header("Authorization", "apikey"),
              api.request("/api/unknown").GET())) {
        HttpResponse<String> response = api.send(request);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(error(response).getInteger("code")).isEqualTo(101);
        assertThat(response.body()).doesNotContain("first");
      }
      assertThat(api.requests("unknown", "unauthorized")).isEqualTo(7);
      assertThat(api.send(publish(api).header("X-API-Key", "first")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void withoutConfiguredKeysLoopbackIsLetInButNoBrowser() {
    try (var api = new ApiFixture(List.of())) {
      assertThat(api.send(publish(api)).statusCode()).isEqualTo(200);
      HttpResponse<String> response =
          api.send(publish(api).header("Origin", "https://evil.example"));
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(api.requests("unknown", "browser")).isOne();
    }
  }

  @Test
  void withoutKeysNoOtherAddressCanBeListenedOn() {
    for (String host : List.of("0.0.0.0", "10.0.0.1", "example.com", "::", "127.0.0.1.evil.org")) {
      assertThatThrownBy(() -> settings(host, List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("host: " + host + " (expected: a loopback address where there are no keys)");
    }
    settings("127.0.0.1", List.of());
    settings("localhost", List.of());
    settings("::1", List.of());
    settings("0.0.0.0", List.of("key"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "7",
        "[]",
        "null",
        "\"x\"",
        "{",
        "{}{}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":nul}"
      })
  void whatIsNoJsonObjectIs400(String body) {
    try (var api = new ApiFixture(List.of())) {
      HttpResponse<String> response = api.post("publish", body);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(error(response).getInteger("code")).isEqualTo(107);
      assertThat(response.headers().firstValue("content-type")).contains("application/json");
      assertThat(api.requests("publish", "not_json")).isOne();
      assertThat(api.post("publish", PUBLISH).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void invalidUtf8Is400() {
    try (var api = new ApiFixture(List.of())) {
      byte[] body = "{\"channel\":\"news\",\"data\":\"?\"}".getBytes(UTF_8);
      body[body.length - 3] = (byte) 0xff;
      HttpRequest.Builder request =
          api.request("/api/publish").POST(BodyPublishers.ofByteArray(body));
      assertThat(api.send(request).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void everyMethodHasItsPlaceInTheDocument() throws Exception {
    String document = Files.readString(Path.of("../docs/server-api.md"), UTF_8);
    Set<String> headings =
        Pattern.compile("^### `(\\w+)`$", Pattern.MULTILINE)
            .matcher(document)
            .results()
            .map(heading -> heading.group(1))
            .collect(Collectors.toSet());
    assertThat(headings).isEqualTo(ApiMethods.NAMES);
  }

  @Test
  void unknownMethodOrPathIs404() {
    try (var api = new ApiFixture(List.of())) {
      for (String path :
          List.of(
              "/", "/api", "/api/", "/api/nothing", "/api/publish/", "/API/publish", "/metrics")) {
        HttpResponse<String> response =
            api.send(api.request(path).POST(BodyPublishers.ofString("{}")));
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(error(response).getInteger("code")).isEqualTo(104);
      }
      assertThat(api.requests("unknown", "unknown_method")).isEqualTo(7);
    }
  }

  @Test
  void otherVerbsAre405() {
    try (var api = new ApiFixture(List.of())) {
      for (String verb : List.of("GET", "PUT", "DELETE", "OPTIONS")) {
        HttpResponse<String> response =
            api.send(api.request("/api/publish").method(verb, BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).contains("POST");
      }
      assertThat(api.requests("publish", "not_post")).isEqualTo(4);
    }
  }

  @Test
  void bodyOfTheGreatestSizeIsReadAndALongerOneIs413() {
    try (var api = new ApiFixture(List.of())) {
      String fits = "{\"channel\":\"news\",\"data\":\"\"}";
      fits = fits.replace("\"\"", "\"" + "x".repeat(ApiFixture.MAX_BODY - fits.length()) + "\"");
      assertThat(api.post("publish", fits).body()).startsWith("{\"result\":");
      HttpResponse<String> response = api.post("publish", fits + " ");
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(error(response).getInteger("code")).isEqualTo(106);
      assertThat(api.requests("publish", "too_large")).isOne();
      assertThat(api.post("publish", PUBLISH).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void bodyOfUnknownLengthIsBoundedWhileItComes() {
    try (var api = new ApiFixture(List.of())) {
      byte[] body = new byte[ApiFixture.MAX_BODY + 1];
      HttpResponse<String> response =
          api.send(
              api.request("/api/publish")
                  .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(
              api.sample(
                  "tidegate_limit_hits_total", new String[] {"limit"}, new String[] {"api_body"}))
          .isOne();
    }
  }

  @Test
  void connectionOfARefusedBodyIsClosed() throws IOException {
    try (var api = new ApiFixture(List.of())) {
      URI uri = api.uri("/");
      try (var socket = new Socket(uri.getHost(), uri.getPort())) {
        String head =
            "POST /api/publish HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\nsome";
        socket.getOutputStream().write(head.getBytes(UTF_8));
        socket.setSoTimeout(20_000);
        String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("connection: close");
      }
    }
  }

  @Test
  void callerThatWaitsForAContinueGetsIt() {
    try (var api = new ApiFixture(List.of())) {
      assertThat(api.send(publish(api).expectContinue(true)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void callerThatGoesAwayLeavesTheServerHealthy() throws IOException {
    try (var api = new ApiFixture(List.of())) {
      URI uri = api.uri("/");
      try (var socket = new Socket(uri.getHost(), uri.getPort())) {
        String head = "POST /api/publish HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nsome";
        socket.getOutputStream().write(head.getBytes(UTF_8));
      }
      await().untilAsserted(() -> assertThat(api.requests("publish", "connection_lost")).isOne());
      assertThat(api.post("publish", PUBLISH).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void requestsAboveTheBoundAre503UntilOthersAreDone() throws IOException {
    try (var api = new ApiFixture(List.of())) {
      URI uri = api.uri("/");
      byte[] head =
          "POST /api/publish HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n".getBytes(UTF_8);
      var sockets = new ArrayList<Socket>();
      for (int i = 0; i < Pending.MAX_REQUESTS; i++) {
        var socket = new Socket(uri.getHost(), uri.getPort());
        socket.getOutputStream().write(head);
        sockets.add(socket);
      }
      await().until(() -> api.post("publish", PUBLISH).statusCode() == 503);
      assertThat(api.requests("publish", "busy")).isPositive();
      for (Socket socket : sockets) {
        socket.close();
      }
      await().until(() -> api.post("publish", PUBLISH).statusCode() == 200);
    }
  }

  @Test
  void bytesAboveTheBoundOfAllAre503UntilOthersAreDone() throws IOException {
    try (var api = new ApiFixture(List.of())) {
      URI uri = api.uri("/");
      byte[] allButOne = new byte[ApiFixture.MAX_BODY - 1];
      String head =
          "POST /api/publish HTTP/1.1\r\nHost: x\r\nContent-Length: "
              + ApiFixture.MAX_BODY
              + "\r\n\r\n";
      var sockets = new ArrayList<Socket>();
      for (int i = 0; i < 3; i++) {
        var socket = new Socket(uri.getHost(), uri.getPort());
        socket.getOutputStream().write(head.getBytes(UTF_8));
        socket.getOutputStream().write(allButOne);
        sockets.add(socket);
      }
      await().until(() -> api.post("publish", PUBLISH).statusCode() == 503);
      assertThat(api.requests("publish", "no_room")).isPositive();
      for (Socket socket : sockets) {
        socket.close();
      }
      await().until(() -> api.post("publish", PUBLISH).statusCode() == 200);
      // What they held came back, and so does what an answered one held.
      String fits = "{\"channel\":\"news\",\"data\":\"\"}";
      String body =
          fits.replace("\"\"", "\"" + "x".repeat(ApiFixture.MAX_BODY - fits.length()) + "\"");
      for (int i = 0; i < 4; i++) {
        assertThat(api.post("publish", body).statusCode()).isEqualTo(200);
      }
    }
  }

  private static HttpRequest.Builder publish(ApiFixture api) {
    return api.request("/api/publish").POST(BodyPublishers.ofString(PUBLISH));
  }

  private static void settings(String host, List<String> keys) {
    assertThat(new ApiSettings(host, 0, ApiFixture.keys(keys), ApiFixture.BOUNDS).host())
        .isEqualTo(host);
  }

  private static JsonObject error(HttpResponse<String> response) {
    return new JsonObject(response.body()).getJsonObject("error");
  }
}
