package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.limits.FrameLimits;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.testing.ClientFrames;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LimitsIT {
  @Test
  void messageOverMaxPayloadClosesWith1009() {
    try (TestNode node = node(new SessionLimits(4_096, 0, 0, 1, 5, 16, 64, 1 << 20));
        TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      ann.sendText("{\"id\":9,\"publish\":{\"data\":\"" + "x".repeat(5_000) + "\"}}");
      assertThat(ann.awaitClose()).isEqualTo(1009);
      await()
          .until(
              () ->
                  node.metric("tidegate_connections_closed_total", "reason", "message_too_big")
                      == 1);
    }
  }

  @Test
  void messagesOverTheRateAreRefusedAndPersistenceCloses() {
    try (TestNode node = node(new SessionLimits(4_096, 5, 0, 1, 4, 16, 64, 1 << 20));
        TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      int first = 0;
      for (int i = 0; i < 20; i++) {
        int id = ann.send("ping", new JsonObject());
        first = first == 0 ? id : first;
      }
      assertThat(ann.awaitClose()).isEqualTo(3013);
      assertThat(ann.messages())
          .anyMatch(m -> m.getJsonObject("error", new JsonObject()).getInteger("code", 0) == 111);
      assertThat(node.metric("tidegate_limit_hits_total", "limit", "messages_per_second"))
          .isEqualTo(4);
    }
  }

  @Test
  void bytesOverTheRateAreRefused() {
    try (TestNode node = node(new SessionLimits(1_024, 0, 2_048, 1, 100, 16, 64, 1 << 20));
        TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      List<Integer> ids = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        ids.add(
            ann.send("publish", new JsonObject().put("channel", "a").put("data", "x".repeat(800))));
      }
      JsonObject last = ann.awaitReply(ids.get(5));
      assertThat(last.getJsonObject("error").getInteger("code")).isEqualTo(111);
      assertThat(last.getJsonObject("error").getBoolean("temporary")).isTrue();
    }
  }

  @Test
  void subscriptionsAndNamesAreBounded() {
    try (TestNode node = node(new SessionLimits(4_096, 0, 0, 1, 5, 2, 8, 1 << 20));
        TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      ann.command("subscribe", new JsonObject().put("channel", "a"));
      ann.command("subscribe", new JsonObject().put("channel", "b"));
      assertThat(error(ann.command("subscribe", new JsonObject().put("channel", "c"))))
          .isEqualTo(106);
      assertThat(error(ann.command("subscribe", new JsonObject().put("channel", "123456789"))))
          .isEqualTo(107);
    }
  }

  @Test
  void slowConsumerIsClosedAndOthersStillReceive() throws Exception {
    try (TestNode node = node(new SessionLimits(64 << 10, 0, 0, 1, 5, 16, 64, 64 << 10));
        TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));
        Socket slow = RawClient.subscribed(node.port(), TestTokens.of("bob"), "news")) {
      ann.command("subscribe", new JsonObject().put("channel", "news"));
      String data = "\"" + "x".repeat(32 << 10) + "\"";
      int sent = 0;
      while (node.metric("tidegate_slow_consumers_total", "policy", "disconnect") == 0) {
        node.publish("news", data);
        sent++;
        int expected = sent;
        await().until(() -> ann.pushes("news", "pub").size() == expected);
        assertThat(sent).isLessThan(2_000);
      }
      assertThat(node.metric("tidegate_connections_closed_total", "reason", "slow")).isEqualTo(1);
      InputStream rest = slow.getInputStream();
      await().until(() -> rest.skip(1 << 20) == 0);
    }
  }

  @Test
  void clientThatDoesNotAnswerPingsIsClosed() {
    var options =
        NodeOptions.of(TestNode.store()).heartbeat(Duration.ofMillis(1_100), Duration.ofSeconds(1));
    try (TestNode node = new TestNode(options);
        TestClient dead = TestClient.connect(node.uri(), TestClient.Options.PLAIN.silent());
        TestClient alive = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      dead.command("connect", new JsonObject().put("token", TestTokens.of("bob")));
      assertThat(dead.awaitClose()).isEqualTo(3012);
      assertThat(alive.isClosed()).isFalse();
    }
  }

  @Test
  void drainClosesEverySessionWithinTheWindow() {
    try (TestNode node = node(TestNode.LIMITS)) {
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(TestClient.open(node.uri(), TestTokens.of("u" + i)));
      }
      TestNode.await(node.sessions().drain(CloseCode.SHUTDOWN, 500));
      for (TestClient client : clients) {
        assertThat(client.awaitClose()).isEqualTo(3001);
      }
      await().until(() -> node.admission().connections() == 0);
    }
  }

  @Test
  void disconnectOfAUserSparesOthers() {
    try (TestNode node = node(TestNode.LIMITS);
        TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));
        TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"))) {
      int count =
          TestNode.await(
              node.sessions()
                  .each(
                      s -> s.user().equals("ann"),
                      s -> {
                        s.disconnect(3503, "go away");
                        return Future.succeededFuture();
                      }));
      assertThat(count).isEqualTo(1);
      assertThat(ann.awaitClose()).isEqualTo(3503);
      assertThat(ann.closeReason()).isEqualTo("go away");
      assertThat(bob.isClosed()).isFalse();
      assertThat(TestNode.await(node.sessions().count()).users()).isEqualTo(1);
    }
  }

  @Test
  void smallCommandInFrontCarriesNoLargeOneThrough() {
    try (TestNode node = node(new SessionLimits(1_024, 0, 1_024, 1, 100, 16, 64, 1 << 20));
        TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      for (int i = 0; i < 5; i++) {
        ann.sendText(
            "{\"id\":%d,\"ping\":{}}\n{\"id\":%d,\"publish\":{\"channel\":\"a\",\"data\":\"%s\"}}"
                .formatted(100 + i, 200 + i, "x".repeat(800)));
      }
      JsonObject last = ann.awaitReply(204);
      assertThat(error(last)).isEqualTo(111);
      assertThat(error(ann.awaitReply(104))).isEqualTo(111);
    }
  }

  @Test
  void repliesCountAgainstTheQueueWithinOnePassToo() throws Exception {
    try (TestNode node = node(new SessionLimits(64 << 10, 0, 0, 1, 5, 16, 64, 64 << 10));
        Socket slow = RawClient.subscribed(node.port(), TestTokens.of("bob"), "news")) {
      for (int i = 0; i < 100; i++) {
        node.publish("news", "\"" + "x".repeat(16 << 10) + "\"");
      }
      var frame = new StringBuilder();
      for (int i = 10; i < 110; i++) {
        frame.append("{\"id\":%d,\"history\":{\"channel\":\"news\",\"limit\":-1}}\n".formatted(i));
      }
      slow.getOutputStream().write(RawClient.text(frame.toString()));
      await().until(() -> node.metric("tidegate_connections_closed_total", "reason", "slow") == 1);
      assertThat(node.metric("tidegate_slow_consumers_total", "policy", "disconnect")).isEqualTo(1);
    }
  }

  private static double closedAsSlow(TestNode node) {
    return node.metric("tidegate_connections_closed_total", "reason", "slow");
  }

  @Test
  void clientThatOnlyPingsAndReadsNothingIsClosed() throws Exception {
    // However often: what it would be closed for by default is asked elsewhere.
    var limits =
        new SessionLimits(4_096, 0, 0, 1, 5, 200, 16, 64, 64 << 10, new FrameLimits(1_024, 0));
    try (TestNode node = node(limits);
        Socket slow = RawClient.subscribed(node.port(), TestTokens.of("bob"), "news")) {
      byte[] ping = ClientFrames.ping("x".repeat(125));
      byte[] pings = new byte[ping.length * 10_000];
      for (int i = 0; i < pings.length; i += ping.length) {
        System.arraycopy(ping, 0, pings, i, ping.length);
      }
      try {
        for (int i = 0; i < 1_000; i++) {
          slow.getOutputStream().write(pings);
        }
      } catch (IOException cut) {
        // Who is closed and writes on is cut after a while, which may be before all is written.
        assertThat(closedAsSlow(node)).isEqualTo(1);
      }
      await().until(() -> closedAsSlow(node) == 1);
    }
  }

  @Test
  void clientThatClosesAndReadsNothingIsCutOff() throws Exception {
    try (TestNode node = node(new SessionLimits(64 << 10, 0, 0, 1, 5, 16, 64, 64 << 20));
        Socket slow = RawClient.subscribed(node.port(), TestTokens.of("bob"), "news")) {
      await().until(() -> node.sessions().subscriptions() == 1);
      for (int i = 0; i < 300; i++) {
        node.publish("news", "\"" + "x".repeat(60 << 10) + "\"");
      }
      await().until(() -> node.sessions().outboxBytes() > 0);
      slow.getOutputStream().write(RawClient.control(0x8));
      await().atMost(Duration.ofSeconds(20)).until(() -> node.admission().connections() == 0);
    }
  }

  @Test
  void drainClosesConnectionsThatHaveNotSaidWhoTheyAre() {
    try (TestNode node = node(TestNode.LIMITS);
        TestClient silent = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      TestNode.await(node.sessions().drain(CloseCode.SHUTDOWN, 0));
      assertThat(silent.awaitClose()).isEqualTo(3001);
      await().until(() -> node.admission().connections() == 0);
      try (TestClient late = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
        assertThat(late.awaitClose()).isEqualTo(3001);
      }
    }
  }

  @Test
  void refreshMovesTheEnd() {
    long now = System.currentTimeMillis() / 1_000;
    JsonObject claims = new JsonObject().put("sub", "ann").put("exp", now + 60);
    try (TestNode node = node(TestNode.LIMITS);
        TestClient ann = TestClient.open(node.uri(), TestTokens.of(claims))) {
      String later = TestTokens.of(claims.put("exp", now + 3_600));
      JsonObject reply =
          ann.command("refresh", new JsonObject().put("token", later)).getJsonObject("refresh");
      JsonObject connected = ann.messages().get(0).getJsonObject("connect");
      assertThat(reply.getString("client")).isEqualTo(connected.getString("client"));
      assertThat(reply.getString("version")).isEqualTo(connected.getString("version"));
      assertThat(reply.getBoolean("expires")).isTrue();
      assertThat(reply.getInteger("ttl")).isBetween(3_590, 3_600);
      String without = TestTokens.of("ann");
      assertThat(
              ann.command("refresh", new JsonObject().put("token", without))
                  .getJsonObject("refresh")
                  .containsKey("ttl"))
          .isFalse();
    }
  }

  @Test
  void refreshWithABadTokenEndsTheSession() {
    try (TestNode node = node(TestNode.LIMITS);
        TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));
        TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"))) {
      ann.send("refresh", new JsonObject().put("token", "x.y.z"));
      assertThat(ann.awaitClose()).isEqualTo(3500);
      String old = TestTokens.of(new JsonObject().put("sub", "bob").put("exp", 1_000));
      bob.send("refresh", new JsonObject().put("token", old));
      assertThat(bob.awaitClose()).isEqualTo(3005);
    }
  }

  private static TestNode node(SessionLimits limits) {
    return new TestNode(NodeOptions.of(TestNode.store()).limits(limits));
  }

  private static int error(JsonObject reply) {
    return reply.getJsonObject("error", new JsonObject()).getInteger("code", 0);
  }
}
