package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.testing.TestClient;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SIGTERM. */
final class DrainIT {
  private static final String CHANNEL = "news";

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  @Test
  void aTerminatedNodeSendsItsClientsAwayAndExitsWithZero() {
    NodeConfig config = NodeConfig.local("node").drain("{ delay: 10s, window: 4s, deadline: 30s }");
    GatewayProcess node = nodes.serve(config);
    List<TestClient> clients =
        IntStream.range(0, 40)
            .mapToObj(i -> Follower.of(node, "user" + i, CHANNEL).client())
            .toList();

    node.terminate();

    await().until(() -> node.ready() == 503);
    assertThatThrownBy(() -> TestClient.connect(node.uri(), TestClient.Options.PLAIN))
        .cause()
        .asInstanceOf(type(WebSocketHandshakeException.class))
        .extracting(refused -> refused.getResponse().statusCode())
        .isEqualTo(503);
    assertThat(clients).noneMatch(TestClient::isClosed);
    // Whoever is not closed yet is served as before.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> clients.stream().anyMatch(TestClient::isClosed));
    node.api().publish(CHANNEL, 1);
    Predicate<TestClient> hears = client -> client.pushes(CHANNEL, "pub").size() == 1;
    await().until(() -> clients.stream().anyMatch(hears));
    assertThat(clients.stream().filter(hears.negate())).isNotEmpty();
    assertThat(clients).allSatisfy(client -> assertThat(client.awaitClose()).isEqualTo(3001));
    assertThat(node.awaitExit()).isZero();
  }

  @Test
  void theOtherNodeKeepsEverything() {
    List<GatewayProcess> cluster = nodes.cluster("leaver", "stayer");
    GatewayProcess leaver = cluster.get(0);
    GatewayProcess stayer = cluster.get(1);
    int last = 400;
    var publisher = new Publisher(CHANNEL, List.of(leaver.api(), stayer.api()));
    try (Follower stays = Follower.of(stayer, "stays", CHANNEL);
        Follower moves = Follower.of(leaver, "moves", CHANNEL)) {
      CompletableFuture<Void> publishing = publisher.start(last);
      await().until(() -> moves.numbers().size() >= 50);

      leaver.terminate();

      assertThat(moves.client().awaitClose()).isEqualTo(3001);
      assertThat(leaver.awaitExit()).isZero();
      try (Follower moved = moves.resume(stayer)) {
        publishing.join();
        assertThat(moved.recovered()).isTrue();
        assertThat(moved.epoch()).as("a handed over stream goes on").isEqualTo(moves.epoch());
        moved.awaitNumbers(last);
        stays.awaitNumbers(last);
        // Before it leaves for good.
        assertThat(stays.told("leave")).containsExactly("moves");
      }
      assertThat(stayer.api().nodes()).containsExactly("stayer");
    }
  }

  @Test
  void aSecondSignalEndsTheProcessAtOnce() {
    NodeConfig config = NodeConfig.local("node").drain("{ delay: 10m, window: 1s, deadline: 20m }");
    GatewayProcess node = nodes.serve(config);
    try (Follower client = Follower.of(node, "user", CHANNEL)) {
      node.terminate();
      await().until(() -> node.ready() == 503);
      assertThat(client.client().isClosed()).isFalse();

      node.terminate();

      assertThat(node.awaitExit(Duration.ofSeconds(10))).isEqualTo(1);
    }
  }
}
