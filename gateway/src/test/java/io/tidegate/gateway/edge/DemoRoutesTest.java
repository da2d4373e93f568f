package io.tidegate.gateway.edge;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DemoRoutesTest {
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger minted = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;

  @BeforeEach
  void start() throws Exception {
    var settings = new DemoSettings("dev-8443", "demo", () -> "token-" + minted.incrementAndGet());
    HttpServer server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(new DemoRoutes(settings));
    port = await(server.listen()).actualPort();
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, SECONDS);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html; charset=utf-8",
    "/demo.js, text/javascript; charset=utf-8",
    "/demo.css, text/css; charset=utf-8",
    "/icon.svg, image/svg+xml",
    "/centrifuge.js, text/javascript; charset=utf-8"
  })
  void thePageAndItsPartsAreServed(String path, String type) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains(type);
    assertThat(response.body()).isNotBlank();
  }

  @Test
  void nothingOnThePageIsInlineOrFromElsewhere() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.body())
        .doesNotContain("http:", "https:", "<style", " style=", " onclick", "javascript:")
        .doesNotContainPattern("<script(?![^>]* src=)");
    assertThat(get("/centrifuge.js").body()).doesNotContain("sourceMappingURL");
  }

  @Test
  void eachTokenIsOfAUserOfItsOwn() throws Exception {
    JsonObject first = new JsonObject(get("/demo/token").body());
    JsonObject second = new JsonObject(get("/demo/token").body());
    assertThat(first.getString("channel")).isEqualTo("demo");
    assertThat(first.getString("node")).isEqualTo("dev-8443");
    assertThat(first.getString("token")).isNotEqualTo(second.getString("token"));
    assertThat(get("/demo/token").headers().firstValue("cache-control")).contains("no-store");
  }

  @Test
  void noOtherOriginMayReadTheToken() throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/demo/token"))
                .header("Origin", "https://evil.example")
                .build(),
            BodyHandlers.ofString());
    assertThat(response.headers().firstValue("access-control-allow-origin")).isEmpty();
    assertThat(response.headers().firstValue("cross-origin-resource-policy"))
        .contains("same-origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "evil.example:8443", "localhost.evil.example", "127.0.0.1.evil"})
  void aForeignHostIsRefusedWithoutAToken(String host) throws Exception {
    assertThat(statusFor(host)).startsWith("HTTP/1.1 421");
    assertThat(minted).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:8443", "127.0.0.1:1", "[::1]:8443", "LOCALHOST"})
  void thisMachineIsServed(String host) throws Exception {
    assertThat(statusFor(host)).startsWith("HTTP/1.1 200");
  }

  // The JDK's client does not let a test choose the Host.
  private String statusFor(String host) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          "GET /demo/token HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return String.valueOf(reader.readLine());
    }
  }

  @Test
  void otherPathsAndMethodsAreRefused() throws Exception {
    assertThat(get("/vendor/LICENSE").statusCode()).isEqualTo(404);
    assertThat(get("/../demo/index.html").statusCode()).isEqualTo(404);
    HttpResponse<String> posted =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/demo/token"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.ofString());
    assertThat(posted.statusCode()).isEqualTo(405);
  }
}
