package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.local.LocalStore;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNamespace;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RecoveryIT {
  private static final Namespace LONG =
      new TestNamespace("long")
          .history(5_000, Duration.ofMinutes(5))
          .recover(true)
          .positioned(true)
          .subscribe(Who.AUTHENTICATED)
          .build();

  private final LocalStore store = TestNode.store();
  private final TestNode one = node();
  private final TestNode two = node();

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  @Test
  void clientGoesOnAtAnotherNodeFromWhereItWas() {
    JsonObject position;
    try (TestClient ann = TestClient.open(one.uri(), TestTokens.of("ann"))) {
      position = subscribe(ann, "news", null);
      assertThat(position.getBoolean("recovered", false)).isFalse();
    }
    publish(1, 10);
    try (TestClient ann = TestClient.open(two.uri(), TestTokens.of("ann"))) {
      JsonObject reply = subscribe(ann, "news", position);
      assertThat(reply.getBoolean("recovered")).isTrue();
      assertThat(reply.getBoolean("was_recovering")).isTrue();
      assertThat(numbers(reply)).isEqualTo(range(1, 10));
      publish(11, 12);
      await().until(() -> ann.pushes("news", "pub").size() == 2);
      assertThat(pushed(ann, "news")).isEqualTo(range(11, 12));
    }
  }

  @Test
  void clientThatMissedMoreThanIsKeptIsToldSo() {
    JsonObject position;
    try (TestClient ann = TestClient.open(one.uri(), TestTokens.of("ann"))) {
      position = subscribe(ann, "news", null);
    }
    publish(1, 150);
    try (TestClient ann = TestClient.open(one.uri(), TestTokens.of("ann"))) {
      JsonObject reply = subscribe(ann, "news", position);
      assertThat(reply.getBoolean("recovered", false)).isFalse();
      assertThat(reply.getBoolean("was_recovering")).isTrue();
      assertThat(reply.getInteger("offset")).isEqualTo(150);
      assertThat(numbers(reply)).isEmpty();
    }
  }

  @Test
  void clientThatMissedMoreThanOneReadHoldsIsToldSo() {
    JsonObject position = position("news");
    String half = "\"" + "x".repeat(HistoryPage.BYTES_AT_MOST / 2 - 100) + "\"";
    one.publish("news", half);
    one.publish("news", half);
    try (TestClient ann = TestClient.open(one.uri(), TestTokens.of("ann"))) {
      JsonObject reply = subscribe(ann, "news", position);
      assertThat(reply.getBoolean("recovered")).isTrue();
      assertThat(reply.getJsonArray("publications")).hasSize(2);
    }
    one.publish("news", "1");
    one.publish("news", half);
    try (TestClient ann = TestClient.open(one.uri(), TestTokens.of("ann"))) {
      JsonObject reply = subscribe(ann, "news", position);
      assertThat(reply.getBoolean("recovered", false)).isFalse();
      assertThat(reply.getInteger("offset")).isEqualTo(4);
      assertThat(numbers(reply)).isEmpty();
    }
  }

  @Test
  void positionOfAnotherEpochIsNotRecovered() {
    publish(1, 3);
    JsonObject foreign = new JsonObject().put("epoch", "another").put("offset", 1);
    try (TestClient ann = TestClient.open(one.uri(), TestTokens.of("ann"))) {
      JsonObject reply = subscribe(ann, "news", foreign);
      assertThat(reply.getBoolean("recovered", false)).isFalse();
      assertThat(reply.getInteger("offset")).isEqualTo(3);
    }
  }

  @Test
  void positionAheadOfTheStreamIsNotRecovered() {
    publish(1, 3);
    try (TestClient ann = TestClient.open(one.uri(), TestTokens.of("ann"))) {
      JsonObject position = subscribe(ann, "news", null);
      ann.command("unsubscribe", new JsonObject().put("channel", "news"));
      JsonObject ahead =
          new JsonObject().put("epoch", position.getString("epoch")).put("offset", 9);
      assertThat(subscribe(ann, "news", ahead).getBoolean("recovered", false)).isFalse();
    }
  }

  @Test
  void nothingIsMissingOrTwiceWhileClientsComeAndGoUnderLoad() {
    int total = 2_000;
    JsonObject position = position("long:x");
    var publishing =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 1; i <= total; i++) {
                TestNode.await(one.backplane().backplane().publish(numbered("long:x", i)));
              }
            });
    List<Integer> seen = new ArrayList<>();
    for (int visits = 0; seen.size() < total; visits++) {
      TestNode node = visits % 2 == 0 ? one : two;
      try (TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"))) {
        JsonObject reply = subscribe(ann, "long:x", position);
        assertThat(reply.getBoolean("recovered")).as("visit " + visits).isTrue();
        await().until(() -> publishing.isDone() || ann.pushes("long:x", "pub").size() >= 20);
        seen.addAll(numbers(reply));
        seen.addAll(pushed(ann, "long:x"));
        position =
            new JsonObject().put("epoch", reply.getString("epoch")).put("offset", seen.size());
      }
    }
    publishing.join();
    assertThat(seen).isEqualTo(range(1, total));
  }

  private JsonObject position(String channel) {
    try (TestClient client = TestClient.open(one.uri(), TestTokens.of("x"))) {
      return subscribe(client, channel, null);
    }
  }

  private static PublishRequest numbered(String channel, int n) {
    return PublishRequest.of(channel, Payload.utf8("{\"n\":" + n + "}"), LONG.stream());
  }

  private TestNode node() {
    return new TestNode(NodeOptions.of(store).namespaces(TestNode.OPEN, LONG));
  }

  private void publish(int from, int to) {
    for (int i = from; i <= to; i++) {
      one.publish("news", "{\"n\":" + i + "}");
    }
  }

  private static JsonObject subscribe(
      TestClient client, String channel, @Nullable JsonObject position) {
    JsonObject body = new JsonObject().put("channel", channel);
    if (position != null) {
      body.put("recover", true)
          .put("epoch", position.getString("epoch"))
          .put("offset", position.getInteger("offset", 0));
    }
    JsonObject reply = client.command("subscribe", body);
    return reply.getJsonObject("subscribe", reply);
  }

  private static List<Integer> numbers(JsonObject reply) {
    return reply.getJsonArray("publications", new JsonArray()).stream()
        .map(p -> ((JsonObject) p).getJsonObject("data").getInteger("n"))
        .toList();
  }

  private static List<Integer> pushed(TestClient client, String channel) {
    return client.pushes(channel, "pub").stream()
        .map(p -> p.getJsonObject("data").getInteger("n"))
        .toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }
}
