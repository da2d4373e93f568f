package io.tidegate.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.prometheus.client.CollectorRegistry;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.local.LocalNode;
import io.tidegate.backplane.local.LocalSettings;
import io.tidegate.backplane.local.LocalStore;
import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.auth.ApiKeys;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.testing.SilentListener;
import io.tidegate.gateway.testing.TestNamespace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server API over two nodes on one local backplane, and a client of it. */
final class ApiFixture implements AutoCloseable {
  static final int MAX_BODY = 256 * 1024;

  /** Three greatest bodies may be there at once, and not a byte more. */
  static final ApiSettings.Bounds BOUNDS = new ApiSettings.Bounds(MAX_BODY, 3 * MAX_BODY);

  static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  final Vertx vertx = Vertx.vertx();
  final CollectorRegistry registry = new CollectorRegistry();
  final Metrics metrics = new Metrics(registry);
  final ApiMethods methods;
  final NodeCommands commands;
  final RecordedActions actions = new RecordedActions(new NodeStats(3, 2, 1, 4));
  final RecordedActions otherActions = new RecordedActions(new NodeStats(30, 20, 10, 40));
  final LocalStore store =
      new LocalStore(
          LocalSettings.defaults(), Clock.systemUTC(), System::nanoTime, new SecureRandom());
  final LocalNode node;
  final LocalNode otherNode;
  private final ApiServer server;
  private final URI base;
  private final HttpClient client = HttpClient.newHttpClient();

  /** With keys that may do everything. */
  ApiFixture(List<String> keys) {
    this(keys, List.of());
  }

  private ApiFixture(List<String> unrestricted, List<ApiKeys.Key> restricted) {
    var keys = new ArrayList<>(keys(unrestricted));
    keys.addAll(restricted);
    node = node("node-1");
    otherNode = node("node-2");
    methods = methods(node);
    commands = commands(methods, actions);
    await(node.start(new SilentListener(), commands));
    await(otherNode.start(new SilentListener(), commands(methods(otherNode), otherActions)));
    server =
        new ApiServer(
            vertx,
            new ApiSettings("127.0.0.1", 0, keys, BOUNDS),
            methods,
            metrics,
            System::nanoTime);
    base = URI.create("http://127.0.0.1:" + await(server.start()));
  }

  static List<ApiKeys.Key> keys(List<String> secrets) {
    return secrets.isEmpty()
        ? List.of()
        : List.of(new ApiKeys.Key(ApiCaller.unrestricted("all"), secrets));
  }

  /** With keys of which each may do what it says. */
  static ApiFixture withRights(ApiKeys.Key... keys) {
    return new ApiFixture(List.of(), List.of(keys));
  }

  private LocalNode node(String id) {
    var info = new NodeInfo(id, "name-of-" + id, "1.2", NOW.minusSeconds(90).toEpochMilli());
    return new LocalNode(vertx, info, store, BackplaneMetrics.NONE);
  }

  private ApiMethods methods(LocalNode of) {
    var namespaces =
        new Namespaces(
            namespace("", 10, true, true),
            List.of(namespace("bytes", 10, false, true), namespace("bare", 0, true, false)),
            64);
    return new ApiMethods(
        of, namespaces, metrics, Clock.fixed(NOW, ZoneOffset.UTC), System::nanoTime);
  }

  private NodeCommands commands(ApiMethods of, NodeActions actions) {
    return new NodeCommands(actions, new ApiCalls(vertx, of, BOUNDS, metrics, System::nanoTime));
  }

  private static Namespace namespace(String name, int history, boolean json, boolean presence) {
    return new TestNamespace(name)
        .history(history, Duration.ofMinutes(1))
        .presence(presence)
        .json(json)
        .build();
  }

  URI uri(String path) {
    return base.resolve(path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path));
  }

  /** Calls a method without a key; the answer's body, which must have come with a 200. */
  @CanIgnoreReturnValue
  String call(String method, String body) {
    HttpResponse<String> response = post(method, body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  HttpResponse<String> post(String method, String body) {
    return send(request("/api/" + method).POST(BodyPublishers.ofString(body, UTF_8)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Requests of all keys. */
  double requests(String method, String outcome) {
    return List.of("none", "all", "loopback", "backplane").stream()
        .mapToDouble(key -> requests(method, key, outcome))
        .sum();
  }

  double requests(String method, String key, String outcome) {
    return sample(
        "tidegate_api_requests_total",
        new String[] {"method", "key", "outcome"},
        new String[] {method, key, outcome});
  }

  double sample(String name, String[] labels, String[] values) {
    Double value = registry.getSampleValue(name, labels, values);
    return value == null ? 0 : value;
  }

  @CanIgnoreReturnValue
  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(server.close());
    await(node.close());
    await(otherNode.close());
    await(vertx.close());
  }
}
