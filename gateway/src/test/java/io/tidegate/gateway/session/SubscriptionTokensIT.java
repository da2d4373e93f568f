package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNamespace;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscriptions to channels to which nobody may subscribe without a token for it. */
final class SubscriptionTokensIT {
  private static final Namespace CLOSED = new TestNamespace("closed").build();

  private final TestNode node =
      new TestNode(NodeOptions.of(TestNode.store()).namespaces(TestNode.OPEN, CLOSED));
  private final TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));

  @AfterEach
  void close() {
    ann.close();
    node.close();
  }

  @Test
  void tokenOpensItsChannel() {
    assertThat(error(ann.command("subscribe", channel("closed:1")))).isEqualTo(103);
    assertThat(error(subscribe("closed:1", ""))).isEqualTo(103);
    JsonObject reply = subscribe("closed:1", token("ann", "closed:1")).getJsonObject("subscribe");
    assertThat(reply.containsKey("expires")).isFalse();
    node.publish("closed:1", "1");
    ann.awaitMessage(m -> !ann.pushes("closed:1", "pub").isEmpty());
  }

  @Test
  void whatTheTokenSaysIsInTheReplyAndInPresence() {
    JsonObject claims =
        claims("ann", "room")
            .put("exp", now() + 3_600)
            .put("info", "vip")
            .put("data", new JsonObject().put("motd", "hi"));
    JsonObject reply = subscribe("room", TestTokens.of(claims)).getJsonObject("subscribe");
    assertThat(reply.getBoolean("expires")).isTrue();
    assertThat(reply.getInteger("ttl")).isBetween(3_590, 3_600);
    assertThat(reply.getJsonObject("data").getString("motd")).isEqualTo("hi");
    JsonObject members =
        ann.command("presence", channel("room"))
            .getJsonObject("presence")
            .getJsonObject("presence");
    assertThat(members.stream().map(e -> ((JsonObject) e.getValue()).getString("chan_info")))
        .containsExactly("vip");
  }

  @Test
  void tokenThatIsOverOrBadIsRefused() {
    String over = TestTokens.of(claims("ann", "closed:1").put("exp", now() - 10));
    assertThat(error(subscribe("closed:1", over))).isEqualTo(109);
    assertThat(error(subscribe("closed:1", "no.to.ken"))).isEqualTo(103);
    assertThat(error(subscribe("closed:1", TestTokens.of("ann")))).isEqualTo(103);
    assertThat(error(subscribe("nowhere:1", token("ann", "nowhere:1")))).isEqualTo(102);
    assertThat(ann.isClosed()).isFalse();
  }

  @Test
  void tokenOfAnotherChannelCloses() {
    assertThat(error(subscribe("closed:1", token("ann", "closed:2")))).isEqualTo(101);
    assertThat(ann.awaitClose()).isEqualTo(3500);
  }

  @Test
  void tokenOfAnotherUserCloses() {
    send("closed:1", token("bob", "closed:1"));
    assertThat(ann.awaitClose()).isEqualTo(3500);
  }

  @Test
  void tokenOfAnotherConnectionCloses() {
    String client = ann.messages().get(0).getJsonObject("connect").getString("client");
    JsonObject claims = claims("ann", "closed:1").put("client", client);
    assertThat(subscribe("closed:1", TestTokens.of(claims)).containsKey("subscribe")).isTrue();
    send("closed:2", TestTokens.of(claims("ann", "closed:2").put("client", "other")));
    assertThat(ann.awaitClose()).isEqualTo(3500);
  }

  @Test
  void newerTokenMovesTheEnd() {
    subscribe("closed:1", TestTokens.of(claims("ann", "closed:1").put("exp", now() + 60)));
    JsonObject refreshed =
        refresh("closed:1", TestTokens.of(claims("ann", "closed:1").put("exp", now() + 3_600)))
            .getJsonObject("sub_refresh");
    assertThat(refreshed.getBoolean("expires")).isTrue();
    assertThat(refreshed.getInteger("ttl")).isBetween(3_590, 3_600);
    assertThat(refresh("closed:1", token("ann", "closed:1")).getJsonObject("sub_refresh"))
        .isEqualTo(new JsonObject());
  }

  @Test
  void whatCannotBeRefreshedIsRefused() {
    String over = TestTokens.of(claims("ann", "closed:1").put("exp", now() - 10));
    assertThat(error(refresh("closed:1", token("ann", "closed:1")))).isEqualTo(103);
    String ending = TestTokens.of(claims("ann", "closed:1").put("exp", now() + 60));
    subscribe("closed:1", ending);
    assertThat(error(refresh("closed:1", over))).isEqualTo(110);
    ann.command("subscribe", channel("free"));
    assertThat(error(refresh("free", token("ann", "free")))).isEqualTo(108);
    assertThat(ann.isClosed()).isFalse();
    assertThat(error(refresh("closed:1", "no.to.ken"))).isEqualTo(101);
    assertThat(ann.awaitClose()).isEqualTo(3500);
  }

  @CanIgnoreReturnValue
  private JsonObject subscribe(String channel, String token) {
    return ann.awaitReply(send(channel, token));
  }

  @CanIgnoreReturnValue
  private int send(String channel, String token) {
    return ann.send("subscribe", channel(channel).put("token", token));
  }

  private JsonObject refresh(String channel, String token) {
    return ann.command("sub_refresh", channel(channel).put("token", token));
  }

  private static String token(String user, String channel) {
    return TestTokens.of(claims(user, channel));
  }

  private static JsonObject claims(String user, String channel) {
    return new JsonObject().put("sub", user).put("channel", channel);
  }

  private static long now() {
    return System.currentTimeMillis() / 1_000;
  }

  private static int error(JsonObject reply) {
    return reply.getJsonObject("error").getInteger("code");
  }

  private static JsonObject channel(String name) {
    return new JsonObject().put("channel", name);
  }
}
