package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.HeldNode;
import io.tidegate.gateway.testing.Loop;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A recovering subscriber, with gaps and forks at every moment between its command and reply. */
final class RecoveryOrderTest {
  private final Loop loop = new Loop();
  private final HeldBackplane backplane = new HeldBackplane();
  private final Namespaces namespaces = new Namespaces(HeldNode.RECOVERED, List.of(), 255);
  private final Hub hub = new Hub(backplane, namespaces::published);
  private final JsonSocket socket = new JsonSocket();
  private final SessionLoop sessions =
      loop.call(
          () -> new SessionLoop(HeldNode.of(loop, backplane, namespaces), hub, loop.context()));

  @BeforeEach
  void subscribe() {
    loop.run(() -> sessions.greet(socket, new JsonProtocol(), null));
    String commands =
        "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"news\","
            + "\"recover\":true,\"epoch\":\"a\",\"offset\":3}}";
    loop.run(() -> socket.handler().message(commands.getBytes(StandardCharsets.UTF_8), true));
    loop.run(() -> backplane.joins.get(0).complete(at("a", 5)));
    loop.until(() -> backplane.reads.size() == 1);
  }

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void whatComesMeanwhileFollowsThePageOnce() {
    loop.run(() -> publish("a", 6, 7));
    answer(page(at("a", 6), 4, 6));
    loop.run(() -> publish("a", 8, 8));
    loop.until(() -> socket.pushed().size() == 2);
    assertThat(reply().getBoolean("recovered")).isTrue();
    assertThat(reply().getJsonArray("publications")).hasSize(3);
    assertThat(socket.pushed()).containsExactly(7L, 8L);
  }

  @Test
  void gapMeanwhileIsReadFromHistory() {
    loop.run(
        () -> {
          publish("a", 6, 6);
          hub.discontinued("news", at("a", 8), GapCause.OVERLOAD);
        });
    answer(page(at("a", 6), 4, 6));
    loop.until(() -> backplane.reads.size() == 2);
    loop.run(() -> publish("a", 9, 10));
    answer(page(at("a", 9), 4, 9));
    loop.until(() -> socket.pushed().size() == 1);
    assertThat(reply().getBoolean("recovered")).isTrue();
    assertThat(reply().getInteger("offset")).isEqualTo(9);
    assertThat(socket.pushed()).containsExactly(10L);
  }

  @Test
  void gapsWithoutEndAreNotRecovered() {
    for (int i = 0; i < 3; i++) {
      int reads = i + 1;
      loop.until(() -> backplane.reads.size() == reads);
      StreamPosition resumed = at("a", 8 + i);
      loop.run(() -> hub.discontinued("news", resumed, GapCause.TRIMMED));
      answer(page(at("a", 6), 4, 6));
    }
    loop.until(() -> socket.replied(2));
    assertThat(reply().getBoolean("was_recovering")).isTrue();
    assertThat(reply().getBoolean("recovered", false)).isFalse();
    assertThat(reply().getInteger("offset")).isEqualTo(10);
    assertThat(backplane.reads).hasSize(3);
  }

  @Test
  void forkThatHistoryKnowsBeforeTheNodeCostsNothing() {
    answer(page(at("b", 5), 4, 5));
    loop.until(() -> socket.replied(2));
    assertThat(reply().getBoolean("recovered")).isTrue();
    assertThat(reply().getString("epoch")).isEqualTo("b");
    loop.run(
        () -> {
          hub.discontinued("news", at("b", 5), GapCause.FORK);
          publish("b", 6, 6);
        });
    loop.until(() -> socket.pushed().size() == 1);
    assertThat(socket.pushed()).containsExactly(6L);
  }

  @Test
  void publicationOfALostBranchIsNotTakenForOneOfTheClients() {
    answer(page(at("b", 5), 4, 5));
    loop.until(() -> socket.replied(2));
    loop.run(() -> publish("a", 6, 6));
    loop.until(() -> socket.unsubscribed(sessions));
    assertThat(socket.pushed()).isEmpty();
  }

  @Test
  void lostBranchThatIsHeldIsNotRecovered() {
    loop.run(() -> publish("a", 6, 6));
    loop.run(() -> {});
    answer(page(at("b", 5), 4, 5));
    loop.until(() -> socket.replied(2));
    assertThat(reply().getBoolean("recovered", false)).isFalse();
    assertThat(reply().getString("epoch")).isEqualTo("a");
  }

  @Test
  void sessionThatEndsMeanwhileLeavesNothing() {
    loop.run(() -> socket.handler().closed("lost"));
    answer(page(at("a", 5), 4, 5));
    loop.run(() -> backplane.leaves.get(0).complete());
    assertThat(hub.channels()).isZero();
    assertThat(sessions.subscriptions()).isZero();
  }

  private void answer(HistoryPage page) {
    loop.run(() -> backplane.reads.get(backplane.reads.size() - 1).complete(page));
  }

  private JsonObject reply() {
    return loop.call(() -> socket.reply(2).getJsonObject("subscribe"));
  }

  private void publish(String epoch, long from, long to) {
    LongStream.rangeClosed(from, to).forEach(i -> hub.publication("news", epoch, publication(i)));
  }

  private static HistoryPage page(StreamPosition top, long from, long to) {
    List<Publication> found =
        LongStream.rangeClosed(from, to).mapToObj(RecoveryOrderTest::publication).toList();
    return new HistoryPage(top, found, Continuity.CONTINUOUS);
  }

  private static Publication publication(long offset) {
    return new Publication(offset, Payload.utf8("1"), null, Map.of(), 0);
  }

  private static StreamPosition at(String epoch, long offset) {
    return new StreamPosition(epoch, offset);
  }
}
