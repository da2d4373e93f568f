package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Redis server that dies under two nodes with clients, and comes back. */
final class RedisOutageIT {
  private static final String CHANNEL = "news";
  private static final int LAST = 300;

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  @Test
  void nothingAcknowledgedIsLostAndConnectionsAndPresenceOutliveIt() {
    RedisProcess redis = nodes.redis();
    List<GatewayProcess> cluster = nodes.clusterOn(redis, "one", "two");
    var publisher = new Publisher(CHANNEL, cluster.stream().map(GatewayProcess::api).toList());
    try (Follower ann = Follower.of(cluster.get(0), "ann", CHANNEL);
        Follower bob = Follower.of(cluster.get(1), "bob", CHANNEL)) {
      await().untilAsserted(() -> assertThat(ann.told("join")).contains("bob"));
      CompletableFuture<Void> publishing = publisher.start(LAST);
      await().until(() -> publisher.acknowledged() >= 50);

      redis.kill();
      cluster.forEach(node -> assertThat(node.ready()).isEqualTo(200));
      redis.restart();

      await().atMost(Duration.ofSeconds(30)).until(publishing::isDone);
      publishing.join();
      // The stream forked: both are asked to subscribe again, and go on from where they were.
      ann.awaitNumbers(LAST);
      bob.awaitNumbers(LAST);
      assertThat(ann.client().isClosed()).isFalse();
      assertThat(bob.client().isClosed()).isFalse();
      assertThat(ann.told("leave")).isEmpty();
    }
  }
}
