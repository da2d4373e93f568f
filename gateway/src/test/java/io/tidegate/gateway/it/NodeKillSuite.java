package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** kill -9 of one of two nodes. */
abstract class NodeKillSuite {
  private static final String CHANNEL = "news";

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  private GatewayProcess doomed;
  private GatewayProcess survivor;

  /** Starts nodes that know each other. */
  abstract List<GatewayProcess> cluster(Nodes nodes, String... names);

  @BeforeEach
  void start() {
    List<GatewayProcess> cluster = cluster(nodes, "doomed", "survivor");
    doomed = cluster.get(0);
    survivor = cluster.get(1);
  }

  @Test
  void itsMembersLeaveWithinTenSecondsAndOnce() {
    List<String> users = IntStream.range(0, 20).mapToObj(i -> "user" + i).toList();
    try (Follower watcher = Follower.of(survivor, "watcher", CHANNEL)) {
      users.forEach(user -> assertThat(Follower.of(doomed, user, CHANNEL).epoch()).isNotEmpty());
      await().untilAsserted(() -> assertThat(watcher.told("join")).containsAll(users));

      doomed.kill();

      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(watcher.told("leave")).containsAll(users));
      JsonObject channel = new JsonObject().put("channel", CHANNEL);
      assertThat(survivor.api().call("presence_stats", channel).getInteger("num_clients"))
          .isEqualTo(1);
      await()
          .during(Duration.ofSeconds(3))
          .untilAsserted(
              () -> assertThat(watcher.told("leave")).containsExactlyInAnyOrderElementsOf(users));
      assertThat(survivor.api().nodes()).containsExactly("survivor");
    }
  }

  @Test
  void itsClientsLoseNothingOnTheSurvivor() {
    // Enough for each node to hold some of them, and to be the other's backup for the rest.
    int channels = 8;
    int last = 300;
    var streams = new ArrayList<Stream>();
    for (int i = 0; i < channels; i++) {
      boolean throughDoomed = i % 2 == 0;
      streams.add(
          new Stream(
              CHANNEL + i, throughDoomed ? List.of(doomed, survivor) : List.of(survivor, doomed)));
    }
    List<CompletableFuture<Void>> publishing =
        streams.stream().map(stream -> stream.publisher.start(last)).toList();
    await().until(() -> streams.stream().allMatch(s -> s.moves.numbers().size() >= 50));

    doomed.kill();
    for (Stream stream : streams) {
      assertThat(stream.moves.client().awaitClose()).isEqualTo(1006);
      int atKill = stream.publisher.acknowledged();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> stream.publisher.acknowledged() >= Math.min(last, atKill + 20));
    }

    for (Stream stream : streams) {
      try (Follower moved = stream.moves.resume(survivor)) {
        assertThat(moved.recovered()).as(stream.channel).isTrue();
        publishing.forEach(CompletableFuture::join);
        moved.awaitNumbers(last);
        stream.stays.awaitNumbers(last);
      }
      stream.stays.client().abort();
    }
    assertThat(survivor.ready()).isEqualTo(200);
  }

  /** One channel with a client on each node, and who publishes to it. */
  private final class Stream {
    final String channel;
    final Publisher publisher;
    final Follower stays;
    final Follower moves;

    Stream(String channel, List<GatewayProcess> through) {
      this.channel = channel;
      publisher = new Publisher(channel, through.stream().map(GatewayProcess::api).toList());
      stays = Follower.of(survivor, "stays", channel);
      moves = Follower.of(doomed, "moves", channel);
    }
  }
}
