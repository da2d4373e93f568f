package io.tidegate.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.local.LocalStore;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RoadIT {
  private final LocalStore store = TestNode.store();
  private final TestNode one = new TestNode(NodeOptions.of(store));
  private final TestNode two = new TestNode(NodeOptions.of(store));

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  @Test
  void publicationsOfOneNodeReachSubscribersOfBothInOrder() {
    try (TestClient ann = TestClient.open(one.uri(), TestTokens.of("ann"));
        TestClient bob = TestClient.open(two.uri(), TestTokens.of("bob"))) {
      ann.command("subscribe", channel("news"));
      bob.command("subscribe", channel("news"));

      for (int i = 1; i <= 1_000; i++) {
        ann.send("publish", channel("news").put("data", new JsonObject().put("n", i)));
      }

      var expected = IntStream.rangeClosed(1, 1_000).boxed().toList();
      await().until(() -> ann.pushes("news", "pub").size() >= 1_000);
      await().until(() -> bob.pushes("news", "pub").size() >= 1_000);
      assertThat(ann.pushes("news", "pub")).extracting(RoadIT::n).isEqualTo(expected);
      assertThat(bob.pushes("news", "pub")).extracting(RoadIT::n).isEqualTo(expected);
      assertThat(bob.pushes("news", "pub"))
          .extracting(p -> p.getInteger("offset"))
          .isEqualTo(expected);
      assertThat(two.observed("tidegate_broadcast_seconds")).isPositive();
      await().until(() -> one.observed("tidegate_backplane_publish_seconds") == 1_000);
      assertThat(two.observed("tidegate_publish_to_deliver_seconds")).isEqualTo(1_000);
    }
  }

  private static int n(JsonObject publication) {
    return publication.getJsonObject("data").getInteger("n");
  }

  private static JsonObject channel(String name) {
    return new JsonObject().put("channel", name);
  }
}
