package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** The server API of one node, called as a service would. */
public final class ServerApi {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final int port;
  private final String key;

  ServerApi(int port, String key) {
    this.port = port;
    this.key = key;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port + "/api");
  }

  /** The result; fails the test where there is an error instead. */
  public JsonObject call(String method, JsonObject params) {
    try {
      JsonObject answer = answer(method, params);
      assertThat(answer.getJsonObject("error")).as(method).isNull();
      return answer.getJsonObject("result");
    } catch (IOException e) {
      throw new AssertionError(method, e);
    }
  }

  JsonObject publish(String channel, int n) {
    return call("publish", publication(channel, n));
  }

  static JsonObject publication(String channel, int n) {
    return new JsonObject().put("channel", channel).put("data", new JsonObject().put("n", n));
  }

  /** The whole answer; fails where the node does not give one. */
  JsonObject answer(String method, JsonObject params) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri() + "/" + method))
            .timeout(TIMEOUT)
            .header("X-API-Key", key)
            .POST(BodyPublishers.ofString(params.encode()))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return new JsonObject(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Names of the nodes that this one knows. */
  List<String> nodes() {
    return call("info", new JsonObject()).getJsonArray("nodes").stream()
        .map(node -> ((JsonObject) node).getString("name"))
        .toList();
  }

  /** Id of the node with that name. */
  String nodeId(String name) {
    return call("info", new JsonObject()).getJsonArray("nodes").stream()
        .map(JsonObject.class::cast)
        .filter(node -> node.getString("name").equals(name))
        .map(node -> node.getString("uid"))
        .findFirst()
        .orElseThrow();
  }

  void awaitNodes(String... names) {
    await("nodes " + List.of(names))
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(nodes()).containsExactlyInAnyOrder(names));
  }
}
