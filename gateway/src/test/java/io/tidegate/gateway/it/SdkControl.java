package io.tidegate.gateway.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the scenarios of the SDKs ask of the test, over HTTP: tokens, the server API, what goes
 * wrong. It is the service of the nodes as well, and the page of the browser.
 */
final class SdkControl implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CompletableFuture<JsonArray> results = new CompletableFuture<>();
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final Path scripts;
  private volatile List<GatewayProcess> nodes = List.of();
  private volatile @Nullable Balancer balancer;

  SdkControl(Path scripts) throws IOException {
    this.scripts = scripts;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What it acts upon. */
  void cluster(List<GatewayProcess> cluster, Balancer inFront) {
    nodes = cluster;
    balancer = inFront;
  }

  /** What came of the scenarios: objects of {@code name} and {@code problem}. */
  JsonArray results(Duration most) throws Exception {
    return results.get(most.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    try {
      if (exchange.getRequestMethod().equals("GET")) {
        file(exchange, path);
      } else if (path.equals("/service")) {
        service(exchange, body);
      } else {
        answer(exchange, 200, ask(path, new JsonObject(new String(body, UTF_8))).encode());
      }
    } catch (Exception | AssertionError e) {
      answer(exchange, 500, String.valueOf(e));
    }
  }

  private JsonObject ask(String path, JsonObject told) throws Exception {
    return switch (path) {
      case "/token" -> new JsonObject().put("token", token(told));
      case "/sent" -> new JsonObject().put("sent", awaitSent(told.getString("marker")));
      case "/codes" -> new JsonObject().put("codes", codes());
      case "/cut" -> {
        requireNonNull(balancer, "balancer").cut();
        yield new JsonObject();
      }
      case "/kill" -> {
        nodes.get(0).kill();
        yield new JsonObject();
      }
      case "/result" -> {
        results.complete(told.getJsonArray("results"));
        yield new JsonObject();
      }
      default -> api(path.substring("/api/".length()), told);
    };
  }

  /** Any node that lives; again while it says that it could not, as a service would. */
  private JsonObject api(String method, JsonObject told) {
    JsonObject params = told.copy();
    if (method.equals("publish") && !told.containsKey("idempotency_key")) {
      params.put("idempotency_key", UUID.randomUUID().toString());
    }
    return await("api " + method)
        .atMost(PATIENCE)
        .until(
            () -> {
              GatewayProcess node =
                  nodes.stream().filter(GatewayProcess::isAlive).reduce((a, b) -> b).orElseThrow();
              JsonObject answer = node.api().answer(method, params);
              JsonObject error = answer.getJsonObject("error");
              if (error != null && error.getInteger("code") != 100) {
                throw new AssertionError(method + ": " + error);
              }
              return answer;
            },
            answer -> answer.getJsonObject("result") != null)
        .getJsonObject("result");
  }

  private static String token(JsonObject told) {
    JsonObject claims = told.copy();
    Object ttl = claims.remove("ttl");
    if (ttl instanceof Number seconds) {
      claims.put("exp", Instant.now().getEpochSecond() + seconds.longValue());
    }
    return TestTokens.of(claims);
  }

  private long awaitSent(String marker) {
    return await("sent " + marker)
        .atMost(PATIENCE)
        .until(
            () -> sent.stream().filter(body -> body.contains("\"" + marker + "\"")).count(),
            count -> count > 0);
  }

  /** Those that a backend may send, which are the ones of the table and any of an application. */
  private static JsonArray codes() {
    var codes = new JsonArray();
    for (CloseCode code : CloseCode.values()) {
      if (code.code() >= 3000) {
        codes.add(code(code.code(), code.reconnect()));
      }
    }
    return codes.add(code(4000, true)).add(code(4500, false));
  }

  private static JsonObject code(int code, boolean reconnect) {
    return new JsonObject().put("code", code).put("reconnect", reconnect);
  }

  private void service(HttpExchange exchange, byte[] body) throws IOException {
    String method = exchange.getRequestHeaders().getFirst("ce-subject");
    if (method == null) {
      sent.add(new String(body, UTF_8));
      answer(exchange, 200, "null");
    } else if (method.equals("fail")) {
      answer(exchange, 404, "{\"error\":{\"code\":1404,\"message\":\"no such thing\"}}");
    } else {
      answer(exchange, 200, new String(body, UTF_8));
    }
  }

  private void file(HttpExchange exchange, String path) throws IOException {
    Map<String, String> files =
        Map.of(
            "/", "matrix.html",
            "/scenarios.js", "scenarios.js",
            "/player.js", "player.js",
            "/centrifuge.js", "node_modules/centrifuge/dist/centrifuge.js");
    String file = files.get(path);
    if (file == null) {
      answer(exchange, 404, "");
      return;
    }
    exchange
        .getResponseHeaders()
        .set("content-type", file.endsWith(".html") ? "text/html" : "text/javascript");
    answer(exchange, 200, Files.readString(scripts.resolve(file)));
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
