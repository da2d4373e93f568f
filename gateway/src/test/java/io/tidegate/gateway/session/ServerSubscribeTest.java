package io.tidegate.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.HeldNode;
import io.tidegate.gateway.testing.Loop;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backend that subscribes an open session, while something else happens to the channel. */
final class ServerSubscribeTest {
  private final Loop loop = new Loop();
  private final HeldBackplane backplane = new HeldBackplane();
  private final Namespaces namespaces = new Namespaces(HeldNode.PLAIN, List.of(), 255);
  private final Hub hub = new Hub(backplane, namespaces::published);
  private final JsonSocket socket = new JsonSocket();
  private final SessionLoop sessions =
      loop.call(
          () -> new SessionLoop(HeldNode.of(loop, backplane, namespaces), hub, loop.context()));

  @BeforeEach
  void connect() {
    loop.run(() -> sessions.greet(socket, new JsonProtocol(), null));
    send("{\"id\":1,\"connect\":{}}");
    loop.until(() -> socket.replied(1));
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void waitsForOneThatIsUnderWayAndTakesItsPlaceWhereThatFails() {
    Future<Void> first = subscribe();
    Future<Void> second = subscribe();
    loop.until(() -> backplane.joins.size() == 1);
    assertThat(second.isComplete()).isFalse();
    loop.run(
        () ->
            backplane
                .joins
                .get(0)
                .fail(
                    new BackplaneException(BackplaneException.Reason.UNAVAILABLE, "for the test")));
    loop.until(first::failed);
    join(1);
    loop.until(second::succeeded);
    assertThat(kinds()).containsExactly("connect", "subscribe");
    assertThat(sessions.subscriptions()).isOne();
  }

  @Test
  void isDoneWhereTheOneUnderWaySucceeds() {
    Future<Void> first = subscribe();
    Future<Void> second = subscribe();
    join(0);
    loop.until(second::succeeded);
    assertThat(first.succeeded()).isTrue();
    assertThat(kinds()).containsExactly("connect", "subscribe");
  }

  @Test
  void oneThatIsTakenAwayMeanwhileIsNoFaultAndTheClientHearsNothingOfIt() {
    Future<Void> subscribed = subscribe();
    loop.until(() -> backplane.joins.size() == 1);
    assertThat(loop.call(() -> session().unsubscribe("news", UnsubscribeCode.SERVER))).isTrue();
    loop.until(subscribed::failed);
    assertThat(Refusal.isUnsubscribed(subscribed.cause())).isTrue();
    assertThat(kinds()).containsExactly("connect");
    assertThat(sessions.subscriptions()).isZero();
  }

  private Future<Void> subscribe() {
    return loop.call(() -> session().subscribe("news", SubscriptionOptions.NONE, null));
  }

  private Session session() {
    List<Session> all = new ArrayList<>();
    sessions.forEach(all::add);
    return all.get(0);
  }

  private void join(int index) {
    loop.until(() -> backplane.joins.size() > index);
    loop.run(() -> backplane.joins.get(index).complete(new StreamPosition("e", 0)));
  }

  private void send(String frame) {
    loop.run(() -> socket.handler().message(frame.getBytes(UTF_8), true));
  }

  private List<String> kinds() {
    return loop.call(socket::messages).stream()
        .map(message -> message.getJsonObject("push", message))
        .flatMap(body -> body.fieldNames().stream())
        .filter(name -> !name.equals("id") && !name.equals("channel"))
        .toList();
  }
}
