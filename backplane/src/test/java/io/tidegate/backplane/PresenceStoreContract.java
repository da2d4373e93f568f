package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.awaitAll;
import static io.tidegate.backplane.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException.Reason;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The promises of {@link PresenceStore} that need no crash. */
public abstract class PresenceStoreContract extends ContractSuite {
  @Test
  void membersOfAllNodesAreSeenFromEachNode() {
    String channel = channel("members");
    ClientInfo full =
        new ClientInfo("a", "ann", Payload.utf8("{\"n\":1}"), Payload.utf8("{\"c\":2}"));
    node(0).add(channel, full);
    node(1).add(channel, client("b"));
    for (TestNode node : nodes()) {
      assertThat(await(node.presence().members(channel)))
          .isEqualTo(Map.of("a", full, "b", client("b")));
    }
    node(0).remove(channel, "a");
    assertThat(await(node(1).presence().members(channel))).containsOnlyKeys("b");
  }

  @Test
  void statsCountConnectionsAndDistinctUsers() {
    String channel = channel("stats");
    node(0).add(channel, new ClientInfo("a1", "ann", null, null));
    node(1).add(channel, new ClientInfo("a2", "ann", null, null));
    node(2).add(channel, new ClientInfo("b1", "ben", null, null));
    assertThat(await(node(2).presence().stats(channel))).isEqualTo(new PresenceStats(3, 2));
  }

  @Test
  void channelNeverUsedIsEmpty() {
    assertThat(await(node(0).presence().members(channel("nobody")))).isEmpty();
    assertThat(await(node(0).presence().stats(channel("nobody"))))
        .isEqualTo(new PresenceStats(0, 0));
    node(0).remove(channel("nobody"), "c");
  }

  @Test
  void joinsAndLeavesAreToldOnceToEveryNodeWithInterestAndToNoOther() {
    String channel = channel("told");
    node(0).join(channel, KEEP);
    node(1).join(channel, KEEP);
    node(0).add(channel, client("a"));
    node(2).add(channel, client("b"));
    node(0).remove(channel, "a");
    for (TestNode node : List.of(node(0), node(1))) {
      eventually(() -> assertThat(node.heard().moves(channel)).containsExactly("+a", "+b", "-a"));
    }
    settle(node(0), node(2));
    assertThat(node(2).heard().events(channel)).isEmpty();
  }

  @Test
  void movesCarryTheMember() {
    String channel = channel("carried");
    ClientInfo full =
        new ClientInfo("a", "ann", Payload.utf8("{\"n\":1}"), Payload.utf8("{\"c\":2}"));
    node(1).join(channel, KEEP);
    node(0).add(channel, full);
    node(0).remove(channel, "a");
    eventually(
        () ->
            assertThat(node(1).heard().events(channel))
                .containsExactly(
                    new RecordingListener.Moved(true, full),
                    new RecordingListener.Moved(false, full)));
  }

  @Test
  void silentEntryIsSeenAndNotTold() {
    String channel = channel("silent");
    node(1).join(channel, KEEP);
    await(node(0).presence().add(channel, client("quiet"), false));
    assertThat(await(node(1).presence().members(channel))).containsOnlyKeys("quiet");
    node(0).remove(channel, "quiet");
    node(0).add(channel, client("last"));
    eventually(() -> assertThat(node(1).heard().moves(channel)).containsExactly("+last"));
    assertThat(await(node(1).presence().members(channel))).containsOnlyKeys("last");
  }

  @Test
  void repeatedAddAndRemoveAreToldOnce() {
    String channel = channel("repeated");
    node(1).join(channel, KEEP);
    node(0).add(channel, client("a"));
    node(0).add(channel, client("a"));
    node(0).remove(channel, "a");
    node(0).remove(channel, "a");
    node(0).add(channel, client("last"));
    eventually(
        () -> assertThat(node(1).heard().moves(channel)).containsExactly("+a", "-a", "+last"));
  }

  @Test
  void replacedEntryShowsTheNewInfoWithoutAnotherJoin() {
    String channel = channel("replaced");
    ClientInfo renewed = new ClientInfo("a", "ann", Payload.utf8("{\"new\":true}"), null);
    node(1).join(channel, KEEP);
    node(0).add(channel, client("a"));
    node(0).add(channel, renewed);
    assertThat(await(node(2).presence().members(channel))).isEqualTo(Map.of("a", renewed));
    node(0).remove(channel, "a");
    eventually(() -> assertThat(node(1).heard().moves(channel)).containsExactly("+a", "-a"));
    assertThat(node(1).heard().events(channel).get(1))
        .isEqualTo(new RecordingListener.Moved(false, renewed));
  }

  @Test
  void replacingDoesNotChangeWhetherAnEntryIsTold() {
    String channel = channel("mixed");
    node(1).join(channel, KEEP);
    await(node(0).presence().add(channel, client("quiet"), false));
    await(node(0).presence().add(channel, client("quiet"), true));
    await(node(0).presence().add(channel, client("loud"), true));
    await(node(0).presence().add(channel, client("loud"), false));
    node(0).remove(channel, "quiet");
    node(0).remove(channel, "loud");
    eventually(() -> assertThat(node(1).heard().moves(channel)).containsExactly("+loud", "-loud"));
  }

  @Test
  void nodeRemovesItsOwnEntriesOnly() {
    String channel = channel("own");
    node(2).join(channel, KEEP);
    node(0).add(channel, client("a"));
    node(1).remove(channel, "a");
    assertThat(await(node(1).presence().members(channel))).containsOnlyKeys("a");
    node(0).remove(channel, "a");
    eventually(() -> assertThat(node(2).heard().moves(channel)).containsExactly("+a", "-a"));
  }

  @Test
  void movesOfOneClientStayInOrderHoweverQuickly() {
    String channel = channel("rapid");
    node(1).join(channel, KEEP);
    node(2).join(channel, KEEP);
    Future<Void> chain = Future.succeededFuture();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      chain =
          chain
              .compose(v -> node(0).presence().add(channel, client("a"), true))
              .compose(v -> node(0).presence().remove(channel, "a"));
      expected.addAll(List.of("+a", "-a"));
    }
    await(chain);
    for (TestNode node : List.of(node(1), node(2))) {
      eventually(() -> assertThat(node.heard().moves(channel)).isEqualTo(expected));
    }
  }

  @Test
  void allNodesHearTheMovesOfAChannelInOneOrder() {
    String channel = channel("one-order");
    nodes().forEach(node -> node.join(channel, KEEP));
    List<Future<Void>> chains = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      TestNode node = node(i % 3);
      String id = "c" + i;
      chains.add(
          node.presence()
              .add(channel, client(id), true)
              .compose(v -> node.presence().remove(channel, id)));
    }
    awaitAll(chains);
    nodes().forEach(node -> eventually(() -> assertThat(node.heard().moves(channel)).hasSize(60)));
    assertThat(node(1).heard().moves(channel)).isEqualTo(node(0).heard().moves(channel));
    assertThat(node(2).heard().moves(channel)).isEqualTo(node(0).heard().moves(channel));
  }

  @Test
  void fullChannelRefusesOneMoreAndStillReplaces() {
    String channel = channel("full");
    for (int i = 0; i < MEMBERS_PER_CHANNEL; i++) {
      node(i % 2).add(channel, client("c" + i));
    }
    assertThat(failureOf(node(2).presence().add(channel, client("more"), true)))
        .isEqualTo(Reason.LIMIT);
    node(0).add(channel, client("c0"));
    assertThat(await(node(2).presence().stats(channel)).clients()).isEqualTo(MEMBERS_PER_CHANNEL);
    node(0).remove(channel, "c0");
    node(2).add(channel, client("more"));
  }

  @Test
  void nodeThatClosesTakesItsEntriesWithIt() {
    List<TestNode> cluster = freshCluster(3);
    String channel = channel("closing");
    cluster.get(0).join(channel, KEEP);
    cluster.get(2).join(channel, KEEP);
    cluster.get(0).add(channel, client("stays"));
    cluster.get(1).add(channel, client("a"));
    cluster.get(1).add(channel, client("b"));
    cluster.get(1).add(channel("unheard"), client("c"));
    await(cluster.get(1).node().close());

    assertThat(await(cluster.get(0).presence().members(channel))).containsOnlyKeys("stays");
    assertThat(await(cluster.get(0).presence().members(channel("unheard")))).isEmpty();
    for (TestNode survivor : List.of(cluster.get(0), cluster.get(2))) {
      eventually(
          () ->
              assertThat(survivor.heard().moves(channel))
                  .containsExactlyInAnyOrder("+stays", "+a", "+b", "-a", "-b"));
    }
  }
}
