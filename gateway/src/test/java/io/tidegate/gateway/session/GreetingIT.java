package io.tidegate.gateway.session;

import static io.tidegate.gateway.testing.ClientFrames.CONTINUATION;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.TEXT;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static io.tidegate.gateway.testing.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.testing.ClientFrames;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GreetingIT {
  private final TestNode node =
      new TestNode(NodeOptions.of(TestNode.store()).firstFrameTimeout(Duration.ofMillis(700)));

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void silentConnectionIsClosedAtTheDeadline() {
    try (TestClient client = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      assertThat(client.awaitClose()).isEqualTo(3502);
      assertThat(client.closeReason()).isEqualTo("stale");
    }
    assertThat(node.metric("tidegate_connections_closed_total", "reason", "stale")).isEqualTo(1);
  }

  @Test
  void firstCommandHasToBeConnect() {
    closesWith(3501, "{\"id\":1,\"subscribe\":{\"channel\":\"news\"}}");
  }

  @Test
  void frameThatIsNotOfTheProtocolIsRefused() {
    closesWith(3501, "hello");
  }

  @Test
  void messageOverTheBudgetIsRefusedWhereItIsAnnounced() {
    byte[] part = new byte[20_000];
    refusedWithoutTheRest(frame(FIN | TEXT, 16, 40_000, new byte[0]));
    refusedWithoutTheRest(
        ClientFrames.join(frame(TEXT, part), frame(FIN | CONTINUATION, 16, 20_000, new byte[0])));
  }

  @Test
  void budgetEndsWithTheConnectCommand() {
    var connect = new JsonObject().put("token", TestTokens.of("ann"));
    try (RawUpgrade client = RawUpgrade.from("127.0.0.1", node.port()).ask()) {
      assertThat(client.head()).isNotEmpty();
      client.send(text(new JsonObject().put("id", 1).put("connect", connect).encode()));
      assertThat(client.text()).contains("\"connect\"");
      client.send(text("{\"id\":2,\"ping\":\"" + "x".repeat(40_000) + "\"}"));
      assertThat(client.text()).contains("\"id\":2");
    }
  }

  @Test
  void invalidTokenIsFinal() {
    closesWith(3500, "{\"id\":1,\"connect\":{\"token\":\"x.y.z\"}}");
  }

  @Test
  void missingTokenIsFinal() {
    closesWith(3500, "{\"id\":1,\"connect\":{}}");
  }

  @Test
  void expiredTokenIsAnsweredSoThatTheClientFetchesANewOne() {
    String old = TestTokens.of(new JsonObject().put("sub", "ann").put("exp", 1_000));
    try (TestClient client = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      JsonObject reply = client.command("connect", new JsonObject().put("token", old));
      assertThat(reply.getJsonObject("error").getInteger("code")).isEqualTo(109);
      assertThat(client.awaitClose()).isEqualTo(3502);
    }
  }

  @Test
  void tokenOfAnotherUserThanTheUpgradesIsRefused() {
    URI uri = URI.create(node.uri() + "?token=" + TestTokens.of("ann"));
    try (TestClient client = TestClient.connect(uri, TestClient.Options.PLAIN)) {
      client.send("connect", new JsonObject().put("token", TestTokens.of("bob")));
      assertThat(client.awaitClose()).isEqualTo(3500);
    }
  }

  @Test
  void commandsBehindConnectInTheSameFrameAreTaken() {
    try (TestClient client = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      client.sendText(
          "{\"id\":1,\"connect\":{\"token\":\""
              + TestTokens.of("ann")
              + "\"}}\n{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}");
      assertThat(client.awaitReply(1).getJsonObject("connect").getString("client")).isNotEmpty();
      assertThat(client.awaitReply(2).containsKey("subscribe")).isTrue();
    }
  }

  @Test
  void anonymousClientsComeInOnlyWhereTheyMay() {
    var options = NodeOptions.of(TestNode.store()).sources(Set.of(TokenSource.HEADER), true);
    try (TestNode open = new TestNode(options);
        TestClient client = TestClient.connect(open.uri(), TestClient.Options.PLAIN)) {
      assertThat(client.command("connect", new JsonObject()).containsKey("connect")).isTrue();
      JsonObject refused = client.command("subscribe", new JsonObject().put("channel", "news"));
      assertThat(refused.getJsonObject("error").getInteger("code")).isEqualTo(103);
    }
  }

  private void refusedWithoutTheRest(byte[] frames) {
    try (RawUpgrade client = RawUpgrade.from("127.0.0.1", node.port()).ask()) {
      assertThat(client.status()).isEqualTo(101);
      client.send(frames);
      // The code in two bytes, and its text.
      assertThat(client.rest()).endsWith("\u0003\u00f1message too big");
    }
  }

  private void closesWith(int code, String frame) {
    try (TestClient client = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      client.sendText(frame);
      assertThat(client.awaitClose()).isEqualTo(code);
    }
    await().until(() -> node.admission().connections() == 0);
  }
}
