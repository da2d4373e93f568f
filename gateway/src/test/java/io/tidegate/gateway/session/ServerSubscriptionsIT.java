package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNamespace;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions that a token makes. */
final class ServerSubscriptionsIT {
  private final TestNode node =
      new TestNode(
          NodeOptions.of(TestNode.store()).namespaces(TestNode.OPEN, closed("vip", true), BYTES));

  private static final Namespace BYTES = closed("bytes", false);

  /** Where nobody may do anything. */
  private static Namespace closed(String name, boolean json) {
    return new TestNamespace(name)
        .presence(true)
        .joinLeave()
        .pushJoinLeave()
        .readPresence(Who.SUBSCRIBER)
        .json(json)
        .build();
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void theyAreToldInTheReplyAndLiveBehindIt() {
    try (TestClient ann = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      JsonObject subs = subs(connect(ann, token("ann", "news", "vip:1")));
      assertThat(subs.fieldNames()).containsExactlyInAnyOrder("news", "vip:1");
      assertThat(subs.getJsonObject("news").getBoolean("recoverable")).isTrue();
      assertThat(subs.getJsonObject("vip:1").containsKey("offset")).isFalse();
      node.publish("news", "1");
      node.publish("vip:1", "2");
      ann.awaitMessage(m -> !ann.pushes("vip:1", "pub").isEmpty());
      ann.awaitMessage(m -> !ann.pushes("news", "pub").isEmpty());
      assertThat(error(ann.command("subscribe", channel("news")))).isEqualTo(105);
      assertThat(error(ann.command("subscribe", channel("vip:2")))).isEqualTo(103);
    }
  }

  @Test
  void whatTheTokenSaysOfThemIsKept() {
    try (TestClient ann = TestClient.open(node.uri(), token("ann", "vip:1"));
        TestClient bob = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      JsonObject options =
          new JsonObject()
              .put("info", new JsonObject().put("role", "guest"))
              .put("data", new JsonObject().put("motd", "hi"));
      JsonObject claims =
          new JsonObject()
              .put("sub", "bob")
              .put("subs", new JsonObject().put("vip:1", options).put("news", options));
      JsonObject subs = subs(connect(bob, TestTokens.of(claims)));
      assertThat(subs.getJsonObject("vip:1").getJsonObject("data").getString("motd"))
          .isEqualTo("hi");
      // The namespace tells of joins unasked, and with what the token says.
      ann.awaitMessage(m -> role(ann, "join").equals("guest"));
      ann.command("subscribe", channel("news"));
      bob.command("publish", channel("news").put("data", 1));
      ann.awaitMessage(m -> !ann.pushes("news", "pub").isEmpty());
      assertThat(info(ann.pushes("news", "pub").get(0))).isEqualTo("guest");
    }
  }

  @Test
  void whoIsHiddenByItsTokenIsNeitherToldOfNorInPresence() {
    try (TestClient ann = TestClient.open(node.uri(), token("ann", "vip:1"))) {
      JsonObject off = new JsonObject().put("value", false);
      JsonObject hidden =
          new JsonObject()
              .put(
                  "override",
                  new JsonObject().put("presence", off).put("force_push_join_leave", off));
      JsonObject claims =
          new JsonObject().put("sub", "bob").put("subs", new JsonObject().put("vip:1", hidden));
      try (TestClient bob = TestClient.open(node.uri(), TestTokens.of(claims));
          TestClient eve = TestClient.open(node.uri(), token("eve", "vip:1"))) {
        ann.awaitMessage(m -> ann.pushes("vip:1", "join").size() > 1);
        assertThat(ann.pushes("vip:1", "join").stream().map(j -> user(j)))
            .containsExactly("ann", "eve");
        assertThat(
                ann.command("presence_stats", channel("vip:1"))
                    .getJsonObject("presence_stats")
                    .getInteger("num_users"))
            .isEqualTo(2);
        assertThat(bob.command("ping", new JsonObject()).containsKey("ping")).isTrue();
        assertThat(bob.pushes("vip:1", "join")).isEmpty();
        assertThat(eve.isClosed()).isFalse();
      }
    }
  }

  @Test
  void theyRecoverFromWhereTheClientSaysItStood() {
    JsonObject before;
    try (TestClient ann = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      before = subs(connect(ann, token("ann", "news", "other"))).getJsonObject("news");
    }
    IntStream.rangeClosed(1, 3).forEach(i -> node.publish("news", "" + i));
    node.publish("other", "1");
    try (TestClient ann = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      JsonObject stood =
          new JsonObject().put("recover", true).put("epoch", before.getValue("epoch"));
      JsonObject command =
          new JsonObject()
              .put("token", token("ann", "news", "other"))
              .put("subs", new JsonObject().put("news", stood).put("gone", stood));
      JsonObject subs = subs(ann.command("connect", command));
      assertThat(subs.fieldNames()).containsExactlyInAnyOrder("news", "other");
      assertThat(subs.getJsonObject("news").getBoolean("recovered")).isTrue();
      assertThat(subs.getJsonObject("news").getJsonArray("publications")).hasSize(3);
      assertThat(subs.getJsonObject("other").containsKey("publications")).isFalse();
      assertThat(subs.getJsonObject("other").getInteger("offset")).isEqualTo(1);
    }
  }

  @Test
  void clientMayEndOne() {
    try (TestClient ann = TestClient.open(node.uri(), token("ann", "vip:1"))) {
      ann.command("unsubscribe", channel("vip:1"));
      node.publish("vip:1", "1");
      // The token still grants it.
      assertThat(ann.command("subscribe", channel("vip:1")).containsKey("error")).isTrue();
      assertThat(ann.pushes("vip:1", "pub")).isEmpty();
    }
  }

  @Test
  void newerTokenWithOtherChannelsChangesThem() {
    try (TestClient ann = TestClient.open(node.uri(), token("ann", "old", "both"))) {
      JsonObject reply =
          ann.command("refresh", new JsonObject().put("token", token("ann", "both", "new")));
      assertThat(reply.getJsonObject("refresh").getString("client")).isNotEmpty();
      ann.awaitMessage(m -> !ann.pushes("new", "subscribe").isEmpty());
      assertThat(ann.pushes("old", "unsubscribe").get(0).getInteger("code")).isEqualTo(2000);
      node.publish("old", "1");
      node.publish("both", "1");
      node.publish("new", "1");
      ann.awaitMessage(m -> !ann.pushes("new", "pub").isEmpty());
      ann.awaitMessage(m -> !ann.pushes("both", "pub").isEmpty());
      assertThat(ann.pushes("old", "pub")).isEmpty();
      assertThat(ann.pushes("both", "subscribe")).isEmpty();
    }
  }

  @Test
  void newerTokenWithAChannelThatIsNotThereClosesAsTheFirstWouldHave() {
    try (TestClient ann = TestClient.open(node.uri(), token("ann", "news"))) {
      ann.send("refresh", new JsonObject().put("token", token("ann", "nowhere:1")));
      assertThat(ann.awaitClose()).isEqualTo(3501);
    }
  }

  @Test
  void tokenWithAChannelThatIsNotThereIsAnsweredSo() {
    try (TestClient ann = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      assertThat(error(connect(ann, token("ann", "news", "nowhere:1")))).isEqualTo(102);
      assertThat(ann.awaitClose()).isEqualTo(3501);
      await().until(() -> node.hub().channels() == 0);
    }
  }

  @Test
  void tokenWithTooManyChannelsCloses() {
    String[] channels = IntStream.rangeClosed(0, 16).mapToObj(i -> "c" + i).toArray(String[]::new);
    try (TestClient ann = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      ann.send("connect", new JsonObject().put("token", token("ann", channels)));
      assertThat(ann.awaitClose()).isEqualTo(3505);
    }
  }

  @Test
  void whatComesAboveTheRateBeforeTheReplyIsAnsweredBehindIt() {
    var limits = new SessionLimits(64 << 10, 2, 0, 1, 10, 16, 255, 1 << 20);
    try (TestNode slow = new TestNode(NodeOptions.of(TestNode.store()).limits(limits));
        TestClient ann = TestClient.connect(slow.uri(), TestClient.Options.PLAIN)) {
      var connect = new JsonObject().put("token", token("ann", "news"));
      var frame = new StringBuilder(new JsonObject().put("id", 1).put("connect", connect).encode());
      for (int id = 2; id <= 6; id++) {
        frame.append("\n{\"id\":").append(id).append(",\"ping\":{}}");
      }
      ann.sendText(frame.toString());
      assertThat(ann.awaitReply(1).containsKey("connect")).isTrue();
      assertThat(error(ann.awaitReply(6))).isEqualTo(111);
      assertThat(ann.isClosed()).isFalse();
    }
  }

  @Test
  void whoComesBackToAllThatItMayHaveBringsAPositionForEach() {
    var limits = new SessionLimits(64 << 10, 0, 0, 1, 10, 128, 255, 1 << 20);
    try (TestNode wide = new TestNode(NodeOptions.of(TestNode.store()).limits(limits));
        TestClient ann = TestClient.connect(wide.uri(), TestClient.Options.PLAIN)) {
      var positions = new JsonObject();
      for (int i = 0; i < 128; i++) {
        positions.put(
            "c".repeat(250) + i,
            new JsonObject().put("recover", true).put("epoch", "e").put("offset", i));
      }
      JsonObject reply =
          ann.command(
              "connect", new JsonObject().put("token", token("ann")).put("subs", positions));
      assertThat(reply.containsKey("connect")).isTrue();
    }
  }

  @Test
  void channelThatTheProtocolCannotCarryCloses() {
    try (TestClient ann = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      ann.send("connect", new JsonObject().put("token", token("ann", "bytes:1")));
      assertThat(ann.awaitClose()).isEqualTo(3506);
      await()
          .until(
              () ->
                  node.metric(
                          "tidegate_commands_total",
                          List.of("command", "outcome"),
                          List.of("connect", "not_available"))
                      == 1);
    }
  }

  @Test
  void gapClosesTheConnection() {
    try (TestClient ann = TestClient.open(node.uri(), token("ann", "news"))) {
      node.hub().discontinued("news", new StreamPosition("other", 7), GapCause.LOST);
      assertThat(ann.awaitClose()).isEqualTo(3010);
      assertThat(ann.pushes("news", "unsubscribe")).isEmpty();
    }
  }

  @Test
  void subscriptionOfABackendThatIsOverClosesTheConnection() {
    try (TestClient ann = TestClient.open(node.uri(), token("ann", "news"))) {
      var over =
          new SubscriptionOptions(
              null, null, System.currentTimeMillis() - 24_500, SubscriptionOptions.Overrides.NONE);
      assertThat(TestNode.await(node.sessions().each(s -> true, s -> s.subscribe("x", over, null))))
          .isEqualTo(1);
      assertThat(ann.awaitClose()).isEqualTo(3006);
    }
  }

  private static String token(String user, String... channels) {
    var named = new JsonArray();
    for (String channel : channels) {
      named.add(channel);
    }
    return TestTokens.of(new JsonObject().put("sub", user).put("channels", named));
  }

  private static JsonObject connect(TestClient client, String token) {
    return client.command("connect", new JsonObject().put("token", token));
  }

  private static JsonObject subs(JsonObject reply) {
    return reply.getJsonObject("connect").getJsonObject("subs");
  }

  private static String role(TestClient client, String kind) {
    return client.pushes("vip:1", kind).stream()
        .filter(push -> user(push).equals("bob"))
        .map(ServerSubscriptionsIT::info)
        .findFirst()
        .orElse("");
  }

  private static String user(JsonObject push) {
    return push.getJsonObject("info").getString("user");
  }

  private static String info(JsonObject push) {
    return push.getJsonObject("info").getJsonObject("chan_info").getString("role");
  }

  private static int error(JsonObject reply) {
    return reply.getJsonObject("error").getInteger("code");
  }

  private static JsonObject channel(String name) {
    return new JsonObject().put("channel", name);
  }
}
