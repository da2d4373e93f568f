package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNamespace;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which channels a client may subscribe to by their names. */
final class ChannelAccessIT {
  private static final Namespace DIALOG =
      new TestNamespace("dialog")
          .subscribe(Who.AUTHENTICATED)
          .publish(Who.SUBSCRIBER)
          .readHistory(Who.SUBSCRIBER)
          .readPresence(Who.SUBSCRIBER)
          .userLimited()
          .names("room-*")
          .build();

  private final TestNode node =
      new TestNode(NodeOptions.of(TestNode.store()).namespaces(TestNode.OPEN, DIALOG));

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void privateChannelNeedsATokenThatGrantsIt() {
    try (TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      assertThat(subscribe(ann, "$news")).isEqualTo(103);
      assertThat(subscribe(ann, "$dialog:room-1")).isEqualTo(103);
      assertThat(subscribe(ann, "$nowhere:x")).isEqualTo(102);
    }
    var capability =
        new JsonObject()
            .put("channels", new JsonArray().add("$*"))
            .put("match", "wildcard")
            .put("allow", new JsonArray().add("sub"));
    String token =
        TestTokens.of(
            new JsonObject().put("sub", "bob").put("caps", new JsonArray().add(capability)));
    try (TestClient bob = TestClient.open(node.uri(), token)) {
      assertThat(subscribe(bob, "$news")).isZero();
      node.publish("$news", "1");
      bob.awaitMessage(m -> !bob.pushes("$news", "pub").isEmpty());
    }
  }

  @Test
  void gatewaysOwnChannelsAreForNobody() {
    String token =
        TestTokens.of(
            new JsonObject()
                .put("sub", "ann")
                .put(
                    "caps",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("channels", new JsonArray().add("*"))
                                .put("match", "wildcard")
                                .put("allow", new JsonArray().add("sub").add("pub")))));
    try (TestClient ann = TestClient.open(node.uri(), token)) {
      assertThat(subscribe(ann, "$canary:test")).isEqualTo(107);
      assertThat(subscribe(ann, "$tidegate:x")).isEqualTo(107);
      assertThat(
              error(ann.command("publish", channel("$canary:test").put("data", 1)))
                  .getInteger("code"))
          .isEqualTo(107);
    }
  }

  @Test
  void channelThatNamesItsUsersIsForThemOnly() {
    try (TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));
        TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"))) {
      assertThat(subscribe(ann, "dialog:room-1#ann,carl")).isZero();
      assertThat(subscribe(bob, "dialog:room-1#ann,carl")).isEqualTo(103);
      assertThat(subscribe(bob, "dialog:room-1")).isZero();
    }
  }

  @Test
  void nameThatItsNamespaceDoesNotHaveIsToldWithThePattern() {
    try (TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      JsonObject error = error(ann.command("subscribe", channel("dialog:hall")));
      assertThat(error.getInteger("code")).isEqualTo(107);
      assertThat(error.getString("message"))
          .endsWith("channel: (expected: as names of its namespace have to be: room-*)");
      assertThat(subscribe(ann, "dialog:room-hall")).isZero();
    }
  }

  private static int subscribe(TestClient client, String channel) {
    return error(client.command("subscribe", channel(channel))).getInteger("code", 0);
  }

  private static JsonObject error(JsonObject reply) {
    return reply.getJsonObject("error", new JsonObject());
  }

  private static JsonObject channel(String channel) {
    return new JsonObject().put("channel", channel);
  }
}
