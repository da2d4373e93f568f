package io.tidegate.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.HeldNode;
import io.tidegate.gateway.testing.Loop;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session of a token with two channels, from its connect command to its reply, in any order. */
final class OpeningTest {
  private static final Identity ANN =
      new Identity(
          "ann",
          null,
          Map.of("one", SubscriptionOptions.NONE, "two", SubscriptionOptions.NONE),
          List.of(),
          Identity.NEVER);

  private final Loop loop = new Loop();
  private final AtomicLong nanos = new AtomicLong(System.nanoTime());
  private final HeldBackplane backplane = new HeldBackplane();
  private final Namespaces namespaces = new Namespaces(HeldNode.RECOVERED, List.of(), 255);
  private final Hub hub = new Hub(backplane, namespaces::published);
  private final JsonSocket socket = new JsonSocket();
  private final SessionLoop sessions =
      loop.call(
          () ->
              new SessionLoop(
                  HeldNode.of(loop, backplane, namespaces, nanos::get), hub, loop.context()));

  @BeforeEach
  void connect() {
    loop.run(() -> sessions.greet(socket, new JsonProtocol(), ANN));
    send(
        "{\"id\":1,\"connect\":{\"subs\":{\"one\":{\"recover\":true,\"epoch\":\"e\",\"offset\":3}}}}"
            + "\n{\"id\":2,\"ping\":{}}");
    loop.until(() -> backplane.joins.size() == 2);
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void nothingComesBeforeTheReply() {
    join("one", 5);
    answer("one", new HistoryPage(at(5), List.of(publication(4), publication(5)), CONTINUOUS));
    loop.run(() -> hub.publication("one", "e", publication(6)));
    send("{\"id\":3,\"ping\":{}}");
    loop.run(() -> {});
    assertThat(messages()).isEmpty();
    join("two", 0);
    loop.until(() -> socket.replied(3));
    assertThat(messages().stream().map(OpeningTest::kind))
        .containsExactly("connect", "pub", "ping", "ping");
    JsonObject subs = messages().get(0).getJsonObject("connect").getJsonObject("subs");
    assertThat(subs.getJsonObject("one").getBoolean("recovered")).isTrue();
    assertThat(subs.getJsonObject("one").getJsonArray("publications")).hasSize(2);
    assertThat(subs.getJsonObject("one").getInteger("offset")).isEqualTo(5);
    assertThat(subs.getJsonObject("two").getBoolean("was_recovering", false)).isFalse();
  }

  @Test
  void whatIsMissedWhileAnotherChannelIsJoinedIsNotSaidToBeRecovered() {
    join("one", 3);
    answer("one", new HistoryPage(at(3), List.of(), CONTINUOUS));
    loop.run(() -> hub.discontinued("one", at(9), GapCause.TRIMMED));
    loop.run(() -> {});
    join("two", 0);
    loop.until(() -> socket.replied(1));
    JsonObject one =
        messages().get(0).getJsonObject("connect").getJsonObject("subs").getJsonObject("one");
    assertThat(one.getBoolean("was_recovering")).isTrue();
    assertThat(one.getBoolean("recovered", false)).isFalse();
    assertThat(one.getInteger("offset")).isEqualTo(9);
    loop.run(() -> hub.publication("one", "e", publication(10)));
    loop.until(() -> !socket.pushed().isEmpty());
    assertThat(socket.pushed()).containsExactly(10L);
  }

  /** The node follows a fork after the history that was read, so it may still hear the old one. */
  @Test
  void publicationOfALostBranchIsNotPushedAsOneOfTheForks() {
    join("one", 3);
    List<Publication> missed =
        LongStream.rangeClosed(4, 10).mapToObj(OpeningTest::publication).toList();
    answer("one", new HistoryPage(new StreamPosition("f", 10), missed, CONTINUOUS));
    loop.run(() -> hub.publication("one", "e", publication(11)));
    loop.run(() -> {});
    join("two", 0);
    loop.until(() -> socket.replied(1));
    JsonObject one =
        messages().get(0).getJsonObject("connect").getJsonObject("subs").getJsonObject("one");
    assertThat(one.getBoolean("recovered", false)).isFalse();
    assertThat(one.getString("epoch")).isEqualTo("e");
    loop.run(() -> hub.discontinued("one", new StreamPosition("f", 10), GapCause.FORK));
    loop.until(
        () -> {
          pass(Duration.ofSeconds(1));
          return socket.closed();
        });
    assertThat(socket.code()).isEqualTo(CloseCode.INSUFFICIENT_STATE.code());
    assertThat(socket.pushed()).isEmpty();
  }

  @Test
  void whatWaitsBehindACommandThatEndsTheSessionIsNotDone() {
    send(
        """
        {"id":3,"connect":{}}
        {"id":4,"subscribe":{"channel":"three"}}
        {"id":5,"publish":{"channel":"three","data":1}}""");
    join("one", 3);
    answer("one", new HistoryPage(at(3), List.of(), CONTINUOUS));
    join("two", 3);
    loop.until(socket::closed);
    assertThat(sessions.subscriptions()).isZero();
    assertThat(backplane.asked).doesNotContain("join three");
  }

  /** A client that is sent away for a gap must have the subscription still. */
  @Test
  void gapOfAChannelThatIsUnsubscribedMeanwhileClosesNothing() {
    join("one", 3);
    answer("one", new HistoryPage(at(3), List.of(), CONTINUOUS));
    join("two", 3);
    loop.until(() -> socket.replied(1));
    loop.run(
        () -> {
          hub.discontinued("two", at(9), GapCause.TRIMMED);
          sessions.forEach(
              session -> assertThat(session.unsubscribe("two", UnsubscribeCode.SERVER)).isTrue());
        });
    loop.run(() -> pass(Duration.ofMinutes(1)));
    loop.run(() -> {});
    assertThat(socket.closed()).isFalse();
  }

  @Test
  void whereAChannelCannotBeJoinedTheClientIsToldAndSentAway() {
    join("one", 3);
    loop.run(
        () ->
            backplane
                .joins
                .get(place("two"))
                .fail(
                    new BackplaneException(BackplaneException.Reason.UNAVAILABLE, "for the test")));
    loop.until(socket::closed);
    assertThat(messages().stream().map(OpeningTest::kind)).containsExactly("error");
    assertThat(messages().get(0).getJsonObject("error").getBoolean("temporary")).isTrue();
    assertThat(socket.code()).isEqualTo(CloseCode.SERVER_ERROR.code());
    loop.until(() -> backplane.asked.contains("leave one"));
  }

  @Test
  void whoGoesMeanwhileLeavesNothingBehind() {
    loop.run(() -> socket.handler().closed("client"));
    join("one", 3);
    join("two", 3);
    loop.until(() -> backplane.asked.containsAll(List.of("leave one", "leave two")));
    assertThat(messages()).isEmpty();
    assertThat(sessions.subscriptions()).isZero();
  }

  @Test
  void nodeThatStopsMeanwhileClosesIt() {
    loop.run(() -> sessions.drain(CloseCode.SHUTDOWN, 0));
    loop.until(
        () -> {
          pass(Duration.ofSeconds(1));
          return socket.closed();
        });
    assertThat(socket.code()).isEqualTo(CloseCode.SHUTDOWN.code());
    assertThat(messages()).isEmpty();
  }

  @Test
  void commandsThatWaitAreBounded() {
    for (int id = 3; id <= 131; id++) {
      send("{\"id\":" + id + ",\"ping\":{}}");
    }
    loop.until(socket::closed);
    assertThat(socket.code()).isEqualTo(CloseCode.TOO_MANY_REQUESTS.code());
    assertThat(messages()).isEmpty();
  }

  @Test
  void whatABackendAsksMeanwhileComesBehindTheReply() {
    List<Session> opened = new ArrayList<>();
    loop.run(() -> sessions.forEach(opened::add));
    loop.run(
        () -> {
          assertThat(opened.get(0).unsubscribe("two", UnsubscribeCode.SERVER)).isTrue();
          opened.get(0).tell(Payload.utf8("1"));
        });
    join("one", 3);
    answer("one", new HistoryPage(at(3), List.of(), CONTINUOUS));
    join("two", 3);
    loop.until(() -> socket.replied(2));
    assertThat(messages().stream().map(OpeningTest::kind))
        .containsExactly("connect", "ping", "unsubscribe", "message");
  }

  private static final Continuity CONTINUOUS = Continuity.CONTINUOUS;

  private static String kind(JsonObject message) {
    JsonObject body = message.getJsonObject("push", message);
    return body.fieldNames().stream()
        .filter(name -> !name.equals("id") && !name.equals("channel"))
        .findFirst()
        .orElseThrow();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    sessions.tick();
  }

  private List<JsonObject> messages() {
    return loop.call(socket::messages);
  }

  private void send(String frame) {
    loop.run(() -> socket.handler().message(frame.getBytes(UTF_8), true));
  }

  private void join(String channel, long offset) {
    loop.run(() -> backplane.joins.get(place(channel)).complete(at(offset)));
  }

  /** Channels are joined in no order that a test could know. */
  private int place(String channel) {
    return backplane.asked.stream()
        .filter(question -> question.startsWith("join "))
        .toList()
        .indexOf("join " + channel);
  }

  private void answer(String channel, HistoryPage page) {
    loop.until(() -> backplane.asked.contains("history " + channel));
    loop.run(() -> backplane.reads.get(0).complete(page));
  }

  private static Publication publication(long offset) {
    return new Publication(offset, Payload.utf8("1"), null, Map.of(), 0);
  }

  private static StreamPosition at(long offset) {
    return new StreamPosition("e", offset);
  }
}
