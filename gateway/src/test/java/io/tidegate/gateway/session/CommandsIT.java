package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

final class CommandsIT {
  private static final Namespace BARE =
      new TestNamespace("bare")
          .subscribe(Who.TOKEN)
          .publish(Who.SUBSCRIBER)
          .readHistory(Who.ANYONE)
          .readPresence(Who.ANYONE)
          .build();

  private final TestNode node =
      new TestNode(NodeOptions.of(TestNode.store()).namespaces(TestNode.OPEN, BARE));
  private final TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));

  @AfterEach
  void close() {
    ann.close();
    node.close();
  }

  @Test
  void presenceTellsWhoIsThereAndJoinsAndLeavesArrive() {
    ann.command("subscribe", channel("room").put("join_leave", true));
    try (TestClient bob =
        TestClient.open(
            node.uri(),
            TestTokens.of(
                new JsonObject().put("sub", "bob").put("info", new JsonObject().put("n", 1))))) {
      bob.command("subscribe", channel("room"));
      ann.awaitMessage(m -> info(m, "join", "user").equals("bob"));

      JsonObject members =
          ann.command("presence", channel("room"))
              .getJsonObject("presence")
              .getJsonObject("presence");
      assertThat(members.stream().map(e -> ((JsonObject) e.getValue()).getString("user")))
          .containsExactlyInAnyOrder("ann", "bob");
      assertThat(
              ann.command("presence_stats", channel("room"))
                  .getJsonObject("presence_stats")
                  .getInteger("num_users"))
          .isEqualTo(2);
    }
    ann.awaitMessage(m -> info(m, "leave", "user").equals("bob"));
    assertThat(ann.pushes("room", "leave")).hasSize(1);
  }

  @Test
  void whoMissedJoinsOrLeavesIsAskedToSubscribeAgain() {
    ann.command("subscribe", channel("room").put("join_leave", true));
    ann.command("subscribe", channel("other"));
    node.hub().presenceReset("room");
    node.hub().presenceReset("other");
    JsonObject told = ann.awaitMessage(m -> !ann.pushes("room", "unsubscribe").isEmpty());
    assertThat(told).isNotNull();
    assertThat(ann.pushes("room", "unsubscribe").get(0).getInteger("code")).isEqualTo(2500);
    assertThat(error(ann.command("subscribe", channel("other")))).isEqualTo(105);
  }

  @Test
  void whoDidNotAskForJoinsAndLeavesGetsNone() {
    ann.command("subscribe", channel("room"));
    try (TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"))) {
      bob.command("subscribe", channel("room"));
      bob.command("publish", channel("room").put("data", 1));
      ann.awaitMessage(m -> info(m, "pub", "data") != null && !ann.pushes("room", "pub").isEmpty());
      assertThat(ann.pushes("room", "join")).isEmpty();
    }
  }

  @Test
  void historyIsReadInBothDirectionsWithLimitAndPosition() {
    for (int i = 1; i <= 5; i++) {
      node.publish("news", "{\"n\":" + i + "}");
    }
    JsonObject all =
        ann.command("history", channel("news").put("limit", -1)).getJsonObject("history");
    assertThat(offsets(all)).containsExactly(1, 2, 3, 4, 5);
    String epoch = all.getString("epoch");
    JsonObject since = new JsonObject().put("offset", 2).put("epoch", epoch);
    JsonObject two =
        ann.command("history", channel("news").put("limit", 2).put("since", since))
            .getJsonObject("history");
    assertThat(offsets(two)).containsExactly(3, 4);
    JsonObject newest =
        ann.command("history", channel("news").put("limit", 2).put("reverse", true))
            .getJsonObject("history");
    assertThat(offsets(newest)).containsExactly(5, 4);
    JsonObject top = ann.command("history", channel("news")).getJsonObject("history");
    assertThat(offsets(top)).isEmpty();
    assertThat(top.getInteger("offset")).isEqualTo(5);
    JsonObject foreign = new JsonObject().put("offset", 1).put("epoch", "elsewhere");
    assertThat(error(ann.command("history", channel("news").put("limit", 1).put("since", foreign))))
        .isEqualTo(112);
  }

  @Test
  void whatIsOffOrForbiddenIsSaidSo() {
    assertThat(error(ann.command("subscribe", channel("bare:x")))).isEqualTo(103);
    assertThat(error(ann.command("publish", channel("bare:x").put("data", 1)))).isEqualTo(103);
    assertThat(error(ann.command("history", channel("bare:x")))).isEqualTo(108);
    assertThat(error(ann.command("presence", channel("bare:x")))).isEqualTo(108);
    assertThat(error(ann.command("subscribe", channel("nowhere:x")))).isEqualTo(102);
    assertThat(error(ann.command("rpc", new JsonObject().put("method", "m").put("data", 1))))
        .isEqualTo(108);
    assertThat(error(ann.command("dance", new JsonObject()))).isEqualTo(104);
    assertThat(error(ann.command("subscribe", new JsonObject()))).isEqualTo(107);
    assertThat(error(ann.command("subscribe", channel("")))).isEqualTo(107);
    assertThat(error(ann.command("subscribe", channel("$canary")))).isEqualTo(107);
    assertThat(ann.isClosed()).isFalse();
    assertThat(node.metric("tidegate_commands_total", "outcome", "permission_denied")).isEqualTo(0);
  }

  @Test
  void tokenGrantsAChannelByName() {
    String token =
        TestTokens.of(
            new JsonObject()
                .put("sub", "bob")
                .put(
                    "caps",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("channels", new JsonArray().add("bare:x"))
                                .put("allow", new JsonArray().add("sub")))));
    try (TestClient bob = TestClient.open(node.uri(), token)) {
      JsonObject reply = bob.command("subscribe", channel("bare:x"));
      assertThat(reply.getJsonObject("subscribe").containsKey("offset")).isFalse();
      assertThat(bob.command("publish", channel("bare:x").put("data", "hi")).containsKey("publish"))
          .isTrue();
      bob.awaitMessage(m -> !bob.pushes("bare:x", "pub").isEmpty());
      assertThat(bob.pushes("bare:x", "pub").get(0).containsKey("offset")).isFalse();
    }
  }

  @Test
  void secondSubscribeIsRefusedAndUnsubscribeEndsTheFirst() {
    ann.command("subscribe", channel("news"));
    assertThat(error(ann.command("subscribe", channel("news")))).isEqualTo(105);
    ann.command("unsubscribe", channel("news"));
    node.publish("news", "1");
    ann.command("subscribe", channel("news"));
    node.publish("news", "2");
    ann.awaitMessage(m -> !ann.pushes("news", "pub").isEmpty());
    assertThat(ann.pushes("news", "pub")).extracting(p -> p.getInteger("data")).containsExactly(2);
  }

  @Test
  void manyCommandsOfOneFrameAreAnsweredEach() {
    ann.sendText(
        "{\"id\":101,\"ping\":{}}\n{\"id\":102,\"subscribe\":{\"channel\":\"a\"}}\n"
            + "{\"id\":103,\"publish\":{\"channel\":\"a\",\"data\":{\"x\":1}}}");
    ann.awaitReply(101);
    ann.awaitReply(102);
    ann.awaitReply(103);
    ann.awaitMessage(m -> !ann.pushes("a", "pub").isEmpty());
  }

  @Test
  void malformedFrameEndsTheConnectionAfterWhatCameBefore() {
    ann.sendText("{\"id\":101,\"ping\":{}}\n{\"id\":");
    assertThat(ann.awaitClose()).isEqualTo(3501);
  }

  @Test
  void binaryFrameOfAJsonClientIsRefused() {
    ann.sendBinary(new byte[] {1, 2, 3});
    assertThat(ann.awaitClose()).isEqualTo(3501);
  }

  @Test
  void sendHasNoServiceToGoTo() {
    ann.sendText("{\"send\":{\"data\":1}}");
    assertThat(ann.awaitClose()).isEqualTo(3508);
  }

  @Test
  void everythingIsGivenBackWhenConnectionsEnd() {
    for (int i = 0; i < 20; i++) {
      try (TestClient client = TestClient.open(node.uri(), TestTokens.of("u" + i))) {
        client.command("subscribe", channel("room"));
      }
    }
    await().until(() -> node.admission().connections() == 1);
    await().until(() -> node.sessions().subscriptions() == 0);
    await().until(() -> TestNode.await(node.backplane().presence().members("room")).isEmpty());
  }

  private static String info(JsonObject message, String kind, String field) {
    JsonObject push = message.getJsonObject("push", new JsonObject());
    JsonObject body = push.getJsonObject(kind, new JsonObject());
    return String.valueOf(body.getJsonObject("info", new JsonObject()).getString(field));
  }

  private static java.util.List<Integer> offsets(JsonObject page) {
    return page.getJsonArray("publications", new JsonArray()).stream()
        .map(p -> ((JsonObject) p).getInteger("offset"))
        .toList();
  }

  private static int error(JsonObject reply) {
    return reply.getJsonObject("error", new JsonObject()).getInteger("code", 0);
  }

  private static JsonObject channel(String name) {
    return new JsonObject().put("channel", name);
  }
}
