package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNamespace;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels whose newest publication is all that anybody wants; and wishes in others. */
final class CacheRecoveryIT {
  private final TestNode node =
      new TestNode(
          NodeOptions.of(TestNode.store())
              .namespaces(
                  TestNode.OPEN, namespace("state", true, true), namespace("log", false, false)));
  private final TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));

  private static Namespace namespace(String name, boolean recover, boolean newestOnly) {
    return new TestNamespace(name)
        .history(10, Duration.ofMinutes(5))
        .recover(recover)
        .newestOnly(newestOnly)
        .subscribe(Who.ANYONE)
        .readHistory(Who.SUBSCRIBER)
        .build();
  }

  @AfterEach
  void close() {
    ann.close();
    node.close();
  }

  @Test
  void whoComesGetsTheNewest() {
    node.publish("state:x", "1");
    node.publish("state:x", "2");
    JsonObject reply = recover("state:x", new JsonObject());
    assertThat(reply.getBoolean("was_recovering")).isTrue();
    assertThat(reply.getBoolean("recovered")).isTrue();
    assertThat(reply.getJsonArray("publications")).hasSize(1);
    assertThat(reply.getJsonArray("publications").getJsonObject(0).getInteger("data")).isEqualTo(2);
    assertThat(reply.getInteger("offset")).isEqualTo(2);
    node.publish("state:x", "3");
    ann.awaitMessage(m -> !ann.pushes("state:x", "pub").isEmpty());
  }

  @Test
  void whoHasTheNewestGetsNothing() {
    node.publish("state:x", "1");
    JsonObject first = recover("state:x", new JsonObject());
    ann.command("unsubscribe", channel("state:x"));
    JsonObject again =
        recover(
            "state:x", new JsonObject().put("epoch", first.getString("epoch")).put("offset", 1));
    assertThat(again.getBoolean("recovered")).isTrue();
    assertThat(again.containsKey("publications")).isFalse();
  }

  @Test
  void whoWasFarBehindGetsTheNewestAlone() {
    node.publish("state:x", "0");
    JsonObject first = recover("state:x", new JsonObject());
    ann.command("unsubscribe", channel("state:x"));
    for (int i = 1; i <= 20; i++) {
      node.publish("state:x", "" + i);
    }
    JsonObject stood = new JsonObject().put("epoch", first.getString("epoch")).put("offset", 1);
    JsonObject again = recover("state:x", stood);
    assertThat(again.getBoolean("recovered")).isTrue();
    assertThat(again.getJsonArray("publications")).hasSize(1);
    assertThat(again.getInteger("offset")).isEqualTo(21);
  }

  @Test
  void whereNothingIsKeptThereIsNothingToRecover() {
    JsonObject reply = recover("state:x", new JsonObject());
    assertThat(reply.getBoolean("was_recovering")).isTrue();
    assertThat(reply.getBoolean("recovered", false)).isFalse();
    ann.command("unsubscribe", channel("state:x"));
    JsonObject same = new JsonObject().put("epoch", reply.getString("epoch"));
    assertThat(recover("state:x", same).getBoolean("recovered")).isTrue();
  }

  @Test
  void whoWouldRatherFailFails() {
    JsonObject orFail = channel("state:x").put("recover", true).put("flag", 2);
    JsonObject refused = ann.command("subscribe", orFail);
    assertThat(refused.getJsonObject("error").getInteger("code")).isEqualTo(112);
    JsonObject elsewhere =
        channel("news").put("recover", true).put("epoch", "elsewhere").put("flag", 2);
    assertThat(ann.command("subscribe", elsewhere).getJsonObject("error").getInteger("code"))
        .isEqualTo(112);
    // Nothing is left of it.
    assertThat(ann.command("subscribe", channel("news")).containsKey("subscribe")).isTrue();
  }

  @Test
  void wishesAreHonouredWhereThereIsAHistoryToRead() {
    JsonObject bare = ann.command("subscribe", channel("log:x")).getJsonObject("subscribe");
    assertThat(bare.containsKey("recoverable")).isFalse();
    assertThat(bare.containsKey("offset")).isFalse();
    ann.command("unsubscribe", channel("log:x"));
    node.publish("log:x", "1");
    JsonObject wish = channel("log:x").put("recoverable", true);
    JsonObject first = ann.command("subscribe", wish).getJsonObject("subscribe");
    assertThat(first.getBoolean("recoverable")).isTrue();
    assertThat(first.getBoolean("positioned")).isTrue();
    assertThat(first.getInteger("offset")).isEqualTo(1);
    ann.command("unsubscribe", channel("log:x"));
    node.publish("log:x", "2");
    JsonObject back =
        channel("log:x")
            .put("recoverable", true)
            .put("recover", true)
            .put("epoch", first.getString("epoch"))
            .put("offset", 1);
    JsonObject recovered = ann.command("subscribe", back).getJsonObject("subscribe");
    assertThat(recovered.getBoolean("recovered")).isTrue();
    assertThat(recovered.getJsonArray("publications")).hasSize(1);
  }

  private JsonObject recover(String channel, JsonObject position) {
    return ann.command("subscribe", position.put("channel", channel).put("recover", true))
        .getJsonObject("subscribe");
  }

  private static JsonObject channel(String name) {
    return new JsonObject().put("channel", name);
  }
}
