package io.tidegate.gateway.ops;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.prometheus.client.CollectorRegistry;
import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators and their tools are told. */
final class OpsServerTest {
  private final Vertx vertx = Vertx.vertx();
  // Its own loops, so that the one that a test blocks is surely not the server's.
  private final Vertx serverVertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Metrics metrics = new Metrics(registry);
  private final Readiness readiness = new Readiness();
  private final EventLoops loops = new EventLoops(vertx, metrics, nanos::get);
  private final OpsServer server =
      new OpsServer(serverVertx, new OpsSettings("127.0.0.1", 0), readiness, loops, registry);
  private final URI base = URI.create("http://127.0.0.1:" + done(server.start()));
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    done(server.close());
    done(server.close());
    done(serverVertx.close());
    done(vertx.close());
  }

  @Test
  void nodeIsReadyOnceEveryCheckHoldsAndSaysWhichDoNot() {
    HttpResponse<String> starting = get("/ready");
    assertThat(starting.statusCode()).isEqualTo(503);
    assertThat(starting.body())
        .isEqualTo(
            "{\"ready\":false,\"checks\":{\"started\":\"starting\",\"backplane\":\"not joined yet\","
                + "\"canary\":\"nothing heard yet\",\"draining\":\"ok\"}}");
    List.of(Readiness.Check.values()).forEach(readiness::pass);
    HttpResponse<String> ready = get("/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.headers().firstValue("content-type")).contains("application/json");
    assertThat(new JsonObject(ready.body()).getBoolean("ready")).isTrue();
    readiness.fail(Readiness.Check.DRAINING, "stopping");
    assertThat(get("/ready").body()).contains("\"draining\":\"stopping\"");
    assertThat(get("/ready").statusCode()).isEqualTo(503);
    assertThat(get("/live").statusCode()).isEqualTo(200);
  }

  @Test
  void processWithAStuckEventLoopIsNotLive() {
    Context context = vertx.getOrCreateContext();
    loops.watch(context);
    assertThat(get("/live").body()).isEqualTo("{\"live\":true,\"stuck_event_loops\":0}");
    var free = new CompletableFuture<Void>();
    context.runOnContext(v -> free.join());
    nanos.addAndGet(11_000_000_000L);
    HttpResponse<String> stuck = get("/live");
    assertThat(stuck.statusCode()).isEqualTo(503);
    assertThat(stuck.body()).isEqualTo("{\"live\":false,\"stuck_event_loops\":1}");
    assertThat(free.complete(null)).isTrue();
    await().until(() -> get("/live").statusCode() == 200);
    assertThat(registry.getSampleValue("tidegate_event_loop_lag_seconds_count")).isPositive();
    loops.unwatch(context);
    nanos.addAndGet(11_000_000_000L);
    assertThat(get("/live").statusCode()).isEqualTo(200);
  }

  @Test
  void metricsAreTextUnlessOpenMetricsIsAskedFor() {
    metrics.limitHit("queue_bytes");
    HttpResponse<String> text = get("/metrics");
    assertThat(text.statusCode()).isEqualTo(200);
    assertThat(text.headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    assertThat(text.body()).contains("tidegate_limit_hits_total{limit=\"queue_bytes\",} 1.0");
    HttpResponse<String> open =
        send(request("/metrics").header("Accept", "application/openmetrics-text; version=1.0.0"));
    assertThat(open.headers().firstValue("content-type").orElse(""))
        .startsWith("application/openmetrics-text");
    assertThat(open.body()).endsWith("# EOF\n");
  }

  @Test
  void manyScrapersAtOnceAreAllAnswered() {
    List<CompletableFuture<HttpResponse<String>>> scrapes =
        IntStream.range(0, 50)
            .mapToObj(i -> client.sendAsync(request("/metrics").build(), BodyHandlers.ofString()))
            .toList();
    assertThat(scrapes)
        .allSatisfy(scrape -> assertThat(scrape.get(20, SECONDS).statusCode()).isEqualTo(200));
  }

  @Test
  void elsewhereIsNothing() {
    for (String path : List.of("/", "/ready/", "/metrics/x", "/api/publish", "//live")) {
      HttpResponse<String> response = send(request("/").uri(URI.create(base + path)));
      assertThat(response.statusCode()).isEqualTo(404);
    }
  }

  @Test
  void onlyReadingIsAllowed() {
    for (String verb : List.of("POST", "PUT", "DELETE")) {
      HttpResponse<String> response =
          send(request("/ready").method(verb, BodyPublishers.ofString("x")));
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().firstValue("allow")).contains("GET, HEAD");
    }
    HttpResponse<String> head = send(request("/live").method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> get(String path) {
    return send(request(path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @CanIgnoreReturnValue
  private static <T> T done(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
