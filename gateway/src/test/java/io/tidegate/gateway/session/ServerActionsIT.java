package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a backend does to sessions. */
final class ServerActionsIT {
  private final TestNode node = new TestNode(NodeOptions.of(TestNode.store()));
  private final TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));
  private final TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"));

  @AfterEach
  void close() {
    ann.close();
    bob.close();
    node.close();
  }

  @Test
  void clientIsSubscribedAndToldSoBeforeWhatComes() {
    assertThat(subscribe("ann", "news", data("\"hi\""), null)).isEqualTo(1);
    node.publish("news", "1");
    ann.awaitMessage(m -> !ann.pushes("news", "pub").isEmpty());
    JsonObject told = ann.pushes("news", "subscribe").get(0);
    assertThat(told.getBoolean("recoverable")).isTrue();
    assertThat(told.getBoolean("positioned")).isTrue();
    assertThat(told.getString("epoch")).isNotEmpty();
    assertThat(told.getString("data")).isEqualTo("hi");
    assertThat(kinds(ann)).containsExactly("subscribe", "pub");
    assertThat(bob.pushes("news", "pub")).isEmpty();
    assertThat(error(ann.command("subscribe", channel("news")))).isEqualTo(105);
    assertThat(subscribe("ann", "news", SubscriptionOptions.NONE, null)).isEqualTo(1);
    assertThat(ann.pushes("news", "subscribe")).hasSize(1);
  }

  @Test
  void whatIsRecoveredFollowsThePush() {
    IntStream.rangeClosed(1, 3).forEach(i -> node.publish("news", "" + i));
    String epoch =
        ann.command("history", channel("news")).getJsonObject("history").getString("epoch");
    subscribe("ann", "news", SubscriptionOptions.NONE, new StreamPosition(epoch, 1));
    node.publish("news", "4");
    ann.awaitMessage(m -> ann.pushes("news", "pub").size() == 3);
    assertThat(ann.pushes("news", "subscribe").get(0).getInteger("offset")).isEqualTo(1);
    assertThat(ann.pushes("news", "pub").stream().map(p -> p.getInteger("offset")))
        .containsExactly(2, 3, 4);
  }

  @Test
  void subscriptionOfEitherKindIsEndedAndTheClientToldSo() {
    subscribe("ann", "made", SubscriptionOptions.NONE, null);
    ann.command("subscribe", channel("asked"));
    for (String channel : List.of("made", "asked", "none")) {
      each("ann", session -> done(session.unsubscribe(channel, UnsubscribeCode.SERVER)));
    }
    ann.awaitMessage(m -> !ann.pushes("asked", "unsubscribe").isEmpty());
    assertThat(ann.pushes("made", "unsubscribe").get(0))
        .isEqualTo(new JsonObject().put("code", 2000).put("reason", "server unsubscribe"));
    assertThat(ann.pushes("none", "unsubscribe")).isEmpty();
    node.publish("made", "1");
    assertThat(ann.command("subscribe", channel("made")).containsKey("subscribe")).isTrue();
    assertThat(ann.pushes("made", "pub")).isEmpty();
  }

  @Test
  void messageReachesTheClientAlone() {
    each(
        "ann",
        session -> {
          session.tell(Payload.utf8("{\"a\":1}"));
          return done(true);
        });
    JsonObject told = ann.awaitMessage(m -> m.containsKey("push")).getJsonObject("push");
    assertThat(told.encode()).isEqualTo("{\"message\":{\"data\":{\"a\":1}}}");
    assertThat(bob.command("ping", new JsonObject()).containsKey("ping")).isTrue();
    assertThat(bob.messages()).noneMatch(m -> m.containsKey("push"));
  }

  @Test
  void identityEndsWhenABackendSaysSo() {
    each(
        "ann",
        session -> {
          session.refresh(System.currentTimeMillis() - 60_000);
          return done(true);
        });
    assertThat(ann.awaitClose()).isEqualTo(3005);
    assertThat(bob.isClosed()).isFalse();
  }

  @Test
  void whatFailsForOneFailsTheCall() {
    assertThatThrownBy(() -> subscribe("ann", "nowhere:x", SubscriptionOptions.NONE, null))
        .hasRootCauseInstanceOf(Refusal.class)
        .hasStackTraceContaining("unknown channel");
    assertThat(subscribe("nobody", "nowhere:x", SubscriptionOptions.NONE, null)).isZero();
  }

  @CanIgnoreReturnValue
  private int subscribe(
      String user, String channel, SubscriptionOptions options, @Nullable StreamPosition recover) {
    return each(user, session -> session.subscribe(channel, options, recover));
  }

  @CanIgnoreReturnValue
  private int each(String user, Function<Session, Future<?>> action) {
    return TestNode.await(node.sessions().each(s -> s.user().equals(user), action));
  }

  private static Future<?> done(boolean ignored) {
    return Future.succeededFuture(ignored);
  }

  private static SubscriptionOptions data(String json) {
    return new SubscriptionOptions(
        null, Payload.utf8(json), Identity.NEVER, SubscriptionOptions.Overrides.NONE);
  }

  private static List<String> kinds(TestClient client) {
    return client.messages().stream()
        .filter(m -> m.containsKey("push"))
        .map(m -> m.getJsonObject("push"))
        .map(p -> p.fieldNames().stream().filter(n -> !n.equals("channel")).findFirst().get())
        .toList();
  }

  private static int error(JsonObject reply) {
    return reply.getJsonObject("error").getInteger("code");
  }

  private static JsonObject channel(String name) {
    return new JsonObject().put("channel", name);
  }
}
