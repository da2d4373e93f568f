package io.tidegate.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.HeldNode;
import io.tidegate.gateway.testing.Loop;
import io.tidegate.gateway.testing.TestNamespace;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ends a hundred seconds from now, and the time that passes. */
final class ExpiryTest {
  private static final Namespace CLOSED = new TestNamespace("").build();

  private final AtomicLong nanos = new AtomicLong();
  private final Loop loop = new Loop();
  private final HeldBackplane backplane = new HeldBackplane();
  private final Namespaces namespaces = new Namespaces(CLOSED, List.of(), 255);
  private final Hub hub = new Hub(backplane, namespaces::published);
  private final JsonSocket socket = new JsonSocket();
  private final SessionLoop sessions =
      loop.call(
          () ->
              new SessionLoop(
                  HeldNode.of(loop, backplane, namespaces, nanos::get), hub, loop.context()));

  @BeforeEach
  void subscribe() {
    Identity ann = Identity.of("ann", null, Identity.NEVER);
    loop.run(() -> sessions.greet(socket, new JsonProtocol(), ann));
    send("{\"id\":1,\"connect\":{}}");
    send(command(2, "subscribe", 100));
    loop.run(() -> backplane.joins.get(0).complete(new StreamPosition("e", 0)));
    loop.until(() -> socket.replied(2));
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void afterTheGraceTheClientIsToldToSubscribeAgain() {
    pass(122);
    assertThat(unsubscribed()).isFalse();
    pass(4);
    assertThat(unsubscribed()).isTrue();
    loop.until(() -> backplane.asked.contains("leave vip"));
    assertThat(socket.closed()).isFalse();
  }

  @Test
  void newerTokenMovesTheEnd() {
    send(command(3, "sub_refresh", 1_000));
    loop.until(() -> socket.replied(3));
    pass(126);
    assertThat(unsubscribed()).isFalse();
  }

  @Test
  void whatHasEndedExpiresNoMore() {
    send("{\"id\":3,\"unsubscribe\":{\"channel\":\"vip\"}}");
    loop.until(() -> socket.replied(3));
    pass(126);
    assertThat(unsubscribed()).isFalse();
  }

  @Test
  void afterTheGraceTheConnectionCloses() {
    long end = System.currentTimeMillis() + 100_000;
    loop.run(() -> sessions.forEach(session -> session.refresh(end)));
    pass(122);
    assertThat(loop.call(socket::code)).isZero();
    pass(4);
    assertThat(loop.call(socket::code)).isEqualTo(3005);
  }

  @Test
  void endThatIsFarAwayIsToldAsTheMostThatClientsRead() {
    send(command(3, "sub_refresh", 3_000_000_000L));
    loop.until(() -> socket.replied(3));
    JsonObject refreshed = loop.call(() -> socket.reply(3)).getJsonObject("sub_refresh");
    assertThat(refreshed.getLong("ttl")).isEqualTo(Integer.MAX_VALUE);
    long end = System.currentTimeMillis() + 3_000_000_000_000L;
    loop.run(() -> sessions.forEach(session -> session.refresh(end)));
    List<Long> told = new ArrayList<>();
    loop.run(() -> sessions.forEach(session -> told.add(session.lifetime().ttlSeconds())));
    assertThat(told).containsExactly((long) Integer.MAX_VALUE);
  }

  private boolean unsubscribed() {
    return loop.call(socket::messages).stream()
        .map(m -> m.getJsonObject("push", new JsonObject()).getJsonObject("unsubscribe"))
        .anyMatch(u -> u != null && u.getInteger("code") == 2501);
  }

  /** Tick by tick, with a client that answers pings. */
  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      loop.run(sessions::tick);
      send("{}");
    }
    loop.run(() -> {});
  }

  private void send(String frame) {
    loop.run(() -> socket.handler().message(frame.getBytes(UTF_8), true));
  }

  private static String command(int id, String name, long seconds) {
    long exp = System.currentTimeMillis() / 1_000 + seconds;
    String token =
        TestTokens.of(new JsonObject().put("sub", "ann").put("channel", "vip").put("exp", exp));
    JsonObject body = new JsonObject().put("channel", "vip").put("token", token);
    return new JsonObject().put("id", id).put(name, body).encode();
  }
}
