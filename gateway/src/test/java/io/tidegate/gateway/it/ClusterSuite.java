package io.tidegate.gateway.it;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.testing.TestClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two processes, a client on each, a channel for each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ClusterSuite {
  private static final int PUBLICATIONS = 1_000;

  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final AtomicInteger channels = new AtomicInteger();

  private GatewayProcess one;
  private GatewayProcess two;
  private String channel = "";

  /** Starts nodes that know each other. */
  abstract List<GatewayProcess> cluster(Nodes nodes, String... names);

  @BeforeEach
  void nameTheChannel() {
    channel = "news-" + channels.incrementAndGet();
  }

  @BeforeAll
  void start() {
    List<GatewayProcess> cluster = cluster(nodes, "one", "two");
    one = cluster.get(0);
    two = cluster.get(1);
  }

  @Test
  void publicationsThroughTheServerApisArriveOnBothNodesOnceAndInOrder() {
    try (Follower ann = Follower.of(one, "ann", channel);
        Follower bob = Follower.of(two, "bob", channel)) {
      ServerApi first = one.api();
      ServerApi second = two.api();

      for (int n = 1; n <= PUBLICATIONS; n++) {
        assertThat((n % 2 == 0 ? first : second).publish(channel, n).getLong("offset"))
            .isEqualTo(n);
      }

      ann.awaitNumbers(PUBLICATIONS);
      bob.awaitNumbers(PUBLICATIONS);
      // Whatever came twice had come before this one.
      first.publish(channel, PUBLICATIONS + 1);
      ann.awaitNumbers(PUBLICATIONS + 1);
      bob.awaitNumbers(PUBLICATIONS + 1);
    }
  }

  @Test
  void publicationsOfAClientArriveOnBothNodesOnceAndInOrder() {
    try (Follower ann = Follower.of(one, "ann", channel);
        Follower bob = Follower.of(two, "bob", channel)) {
      for (int n = 1; n <= PUBLICATIONS; n += 100) {
        publishHundred(ann.client(), n);
      }

      ann.awaitNumbers(PUBLICATIONS);
      bob.awaitNumbers(PUBLICATIONS);
      two.api().publish(channel, PUBLICATIONS + 1);
      ann.awaitNumbers(PUBLICATIONS + 1);
      bob.awaitNumbers(PUBLICATIONS + 1);
      JsonObject first = bob.client().pushes(channel, "pub").get(0);
      assertThat(first.getJsonObject("info").getString("user")).isEqualTo("ann");
    }
  }

  // Below the number of commands that may be under way on one connection.
  private void publishHundred(TestClient client, int from) {
    Set<Integer> sent =
        IntStream.range(from, from + 100)
            .mapToObj(n -> client.send("publish", ServerApi.publication(channel, n)))
            .collect(toSet());
    await().untilAsserted(() -> assertThat(acknowledged(client)).containsAll(sent));
  }

  private static List<Integer> acknowledged(TestClient client) {
    return client.messages().stream()
        .filter(message -> message.containsKey("publish"))
        .map(message -> message.getInteger("id"))
        .toList();
  }

  @Test
  void everyNodeTellsWhoIsPresentOnBoth() {
    try (Follower ann = Follower.of(one, "ann", channel);
        Follower bob = Follower.of(two, "bob", channel)) {
      var named = new JsonObject().put("channel", channel);
      for (GatewayProcess node : List.of(one, two)) {
        assertThat(users(node.api().call("presence", named))).containsExactly("ann", "bob");
        assertThat(node.api().call("presence_stats", named))
            .isEqualTo(new JsonObject().put("num_clients", 2).put("num_users", 2));
      }
      for (Follower follower : List.of(ann, bob)) {
        JsonObject reply = follower.client().command("presence", named);
        assertThat(users(reply.getJsonObject("presence"))).containsExactly("ann", "bob");
      }
      await().untilAsserted(() -> assertThat(ann.told("join")).contains("bob"));

      bob.client().abort();

      await().untilAsserted(() -> assertThat(ann.told("leave")).containsExactly("bob"));
      assertThat(users(one.api().call("presence", named))).containsExactly("ann");
    }
  }

  private static List<String> users(JsonObject presence) {
    JsonObject members = presence.getJsonObject("presence");
    return members.fieldNames().stream()
        .map(client -> members.getJsonObject(client).getString("user"))
        .sorted()
        .toList();
  }

  @Test
  void everyNodeReadsTheSameHistory() {
    for (int n = 1; n <= 10; n++) {
      one.api().publish(channel, n);
    }
    var all = new JsonObject().put("channel", channel).put("limit", -1);

    JsonObject history = two.api().call("history", all);

    assertThat(history).isEqualTo(one.api().call("history", all));
    assertThat(history.getLong("offset")).isEqualTo(10);
    assertThat(history.getJsonArray("publications")).hasSize(10);
  }

  @Test
  void aBroadcastReachesEachChannelOnEachNode() {
    String other = channel + "-other";
    try (Follower ann = Follower.of(one, "ann", channel);
        Follower bob = Follower.of(two, "bob", other)) {
      JsonObject broadcast =
          new JsonObject()
              .put("channels", new JsonArray().add(channel).add(other))
              .put("data", new JsonObject().put("n", 1));

      JsonObject answer = one.api().call("broadcast", broadcast);

      assertThat(answer.getJsonArray("responses")).hasSize(2);
      ann.awaitNumbers(1);
      bob.awaitNumbers(1);
    }
  }

  @Test
  void aUserIsDisconnectedThroughTheOtherNode() {
    try (Follower ann = Follower.of(one, "ann", channel);
        Follower bob = Follower.of(one, "bob", channel)) {
      JsonObject answer = two.api().call("disconnect", new JsonObject().put("user", "ann"));

      assertThat(answer).isEmpty();
      assertThat(ann.client().awaitClose()).isEqualTo(3503);
      assertThat(bob.client().isClosed()).isFalse();
    }
  }

  @Test
  void aUserOfOneNodeIsSubscribedToldAndTakenOutThroughTheOther() {
    String other = channel + "-other";
    try (Follower ann = Follower.of(one, "ann-" + channel, channel)) {
      var target = new JsonObject().put("user", "ann-" + channel);
      ServerApi api = two.api();

      assertThat(api.call("subscribe", target.copy().put("channel", other))).isEmpty();
      assertThat(report(other)).isEqualTo(new JsonObject("{\"nodes\":1,\"connections\":1}"));
      assertThat(api.call("send", target.copy().put("data", "hi"))).isEmpty();
      assertThat(api.call("unsubscribe", target.copy().put("channel", other))).isEmpty();
      ann.client().awaitMessage(message -> message.encode().contains("\"unsubscribe\""));

      assertThat(ann.client().pushes(other, "subscribe")).hasSize(1);
      assertThat(ann.client().pushes(other, "pub")).hasSize(1);
      assertThat(ann.client().messages().toString()).contains("\"message\":{\"data\":\"hi\"}");
      assertThat(report(other)).isEqualTo(new JsonObject("{\"nodes\":0,\"connections\":0}"));

      assertThat(api.call("refresh", target.copy().put("expired", true))).isEmpty();
      assertThat(ann.client().awaitClose()).isEqualTo(3005);
    }
  }

  private JsonObject report(String of) {
    JsonObject publication = ServerApi.publication(of, 1).put("report", true);
    return two.api().call("publish", publication).getJsonObject("delivery");
  }

  @Test
  void channelsOfBothNodesAreCounted() {
    try (Follower ann = Follower.of(one, "ann", channel);
        Follower bob = Follower.of(two, "bob", channel)) {
      var pattern = new JsonObject().put("pattern", channel + "*");
      assertThat(one.api().call("channels", pattern).encode())
          .isEqualTo("{\"channels\":{\"" + channel + "\":{\"num_clients\":2}}}");
      assertThat(ann.client().isClosed() || bob.client().isClosed()).isFalse();
    }
  }

  @Test
  void historyIsRemovedForBothNodes() {
    for (int n = 1; n <= 3; n++) {
      one.api().publish(channel, n);
    }
    assertThat(two.api().call("history_remove", new JsonObject().put("channel", channel)))
        .isEmpty();
    JsonObject history =
        one.api().call("history", new JsonObject().put("channel", channel).put("limit", -1));
    assertThat(history.getJsonArray("publications")).isEmpty();
    assertThat(history.getLong("offset")).isEqualTo(3);
  }

  @Test
  void everyNodeCountsTheClientsOfEach() {
    try (Follower ann = Follower.of(one, "ann", channel);
        Follower also = Follower.of(one, "ann", channel + "-other")) {
      assertThat(ann.client().isClosed() || also.client().isClosed()).isFalse();

      // Clients of other tests may be about to go.
      await().untilAsserted(() -> assertThat(clients(two)).containsOnly("one 2", "two 0"));
    }
  }

  private static List<String> clients(GatewayProcess asked) {
    return asked.api().call("info", new JsonObject()).getJsonArray("nodes").stream()
        .map(JsonObject.class::cast)
        .map(node -> node.getString("name") + " " + node.getInteger("num_clients"))
        .toList();
  }
}
