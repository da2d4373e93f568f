package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.awaitAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.HistoryPage.Continuity;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What the death of a node costs the others: nothing that was acknowledged, nobody's place in a
 * stream, and its own members' presence for seconds. Each test kills a node of its own cluster.
 */
public abstract class NodeLossContract extends ContractSuite {
  private static final int CHANNELS = 20;
  private static final HistoryQuery ALL = new HistoryQuery(null, HistoryQuery.ALL, false);

  @Test
  void membersOfADeadNodeLeaveOnceOnEachSurvivor() {
    List<TestNode> cluster = freshCluster(3);
    TestNode dead = cluster.get(2);
    List<TestNode> survivors = cluster.subList(0, 2);
    for (String channel : channels()) {
      survivors.forEach(node -> node.join(channel, KEEP));
      survivors.get(0).add(channel, client("stays"));
      dead.add(channel, client("a"));
      await(dead.presence().add(channel, client("quiet"), false));
      dead.add(channel, client("b"));
    }
    crash(dead);

    for (String channel : channels()) {
      for (TestNode survivor : survivors) {
        eventually(
            () ->
                assertThat(survivor.heard().moves(channel))
                    .containsExactlyInAnyOrder("+stays", "+a", "+b", "-a", "-b"));
      }
      assertThat(await(survivors.get(1).presence().members(channel))).containsOnlyKeys("stays");
    }
  }

  @Test
  void membersOfADeadNodeLeaveWithASingleSurvivorToo() {
    List<TestNode> cluster = freshCluster(2);
    String channel = channel("pair");
    cluster.get(0).join(channel, KEEP);
    cluster.get(1).add(channel, client("a"));
    crash(cluster.get(1));
    eventually(() -> assertThat(cluster.get(0).heard().moves(channel)).containsExactly("+a", "-a"));
    assertThat(await(cluster.get(0).presence().members(channel))).isEmpty();
  }

  @Test
  void deadNodeIsNoLongerListedNorAsked() {
    List<TestNode> cluster = freshCluster(3);
    crash(cluster.get(1));
    Set<String> alive =
        Set.of(cluster.get(0).cluster().nodeId(), cluster.get(2).cluster().nodeId());
    eventually(
        () ->
            assertThat(await(cluster.get(0).cluster().nodes()))
                .extracting(NodeInfo::id)
                .containsExactlyInAnyOrderElementsOf(alive));
    eventually(
        () ->
            assertThat(await(cluster.get(2).cluster().ask(new NodeCommand("any", Payload.EMPTY))))
                .extracting(NodeAnswer::nodeId)
                .containsExactlyInAnyOrderElementsOf(alive));
  }

  @Test
  void survivorsAnswerCommandsFromTheFirstMomentOn() {
    List<TestNode> cluster = freshCluster(3);
    crash(cluster.get(2));
    List<NodeAnswer> answers =
        await(cluster.get(0).cluster().ask(new NodeCommand("any", Payload.EMPTY)));
    for (TestNode survivor : cluster.subList(0, 2)) {
      assertThat(answers)
          .contains(new NodeAnswer(survivor.cluster().nodeId(), Payload.EMPTY, null));
    }
  }

  @Test
  void acknowledgedPublicationsOutliveTheNodeAndPositionsContinue() {
    List<TestNode> cluster = freshCluster(3);
    List<StreamPosition> middles = new ArrayList<>();
    for (String channel : channels()) {
      TestNode publisher = cluster.get(2);
      publisher.publish(channel, "1", KEEP);
      middles.add(publisher.publish(channel, "2", KEEP).position());
      publisher.publish(channel, "3", KEEP);
    }
    crash(cluster.get(2));

    for (int i = 0; i < CHANNELS; i++) {
      String channel = channels().get(i);
      HistoryQuery query = HistoryQuery.after(middles.get(i), HistoryQuery.ALL);
      HistoryPage page = cluster.get(i % 2).history(channel, KEEP, query);
      assertThat(page.continuity()).isEqualTo(Continuity.CONTINUOUS);
      assertThat(page.publications()).extracting(p -> p.data().text()).containsExactly("3");
      assertThat(page.top().offset()).isEqualTo(3);
    }
  }

  /** The nodes own the channels between them, so some have their owner killed. */
  @Test
  void removedHistoryStaysRemovedWhenItsOwnerDies() {
    List<TestNode> cluster = freshCluster(3);
    for (String channel : channels()) {
      IntStream.rangeClosed(1, 3).forEach(i -> cluster.get(0).publish(channel, "p" + i, KEEP));
      cluster.get(1).removeHistory(channel, KEEP);
    }
    crash(cluster.get(2));

    for (String channel : channels()) {
      HistoryPage page = cluster.get(1).history(channel, KEEP, ALL);
      assertThat(page.publications()).isEmpty();
      assertThat(page.top().offset()).isEqualTo(3);
      StreamPosition before = new StreamPosition(page.top().epoch(), 2);
      assertThat(cluster.get(0).history(channel, KEEP, HistoryQuery.after(before, 1)).continuity())
          .isEqualTo(Continuity.TRIMMED);
      assertThat(cluster.get(0).publish(channel, "next", KEEP).position())
          .isEqualTo(new StreamPosition(page.top().epoch(), 4));
    }
  }

  @Test
  void survivorsGoOnPublishingAndHearing() {
    List<TestNode> cluster = freshCluster(3);
    List<TestNode> survivors = cluster.subList(0, 2);
    for (String channel : channels()) {
      cluster.forEach(node -> node.join(channel, KEEP));
      cluster.get(2).publish(channel, "before", KEEP);
    }
    crash(cluster.get(2));
    for (String channel : channels()) {
      survivors.get(0).publish(channel, "after", KEEP);
      survivors.get(1).publish(channel, "last", KEEP);
    }
    for (String channel : channels()) {
      for (TestNode survivor : survivors) {
        eventually(
            () ->
                assertThat(survivor.heard().texts(channel))
                    .containsExactly("before", "after", "last"));
        assertThat(survivor.heard().offsets(channel)).containsExactly(1L, 2L, 3L);
      }
    }
  }

  @Test
  void nothingAcknowledgedIsLostOrDoubledWhenANodeDiesUnderLoad() {
    List<TestNode> cluster = freshCluster(3);
    TestNode publisher = cluster.get(0);
    TestNode listening = cluster.get(1);
    int each = 50;
    channels().forEach(channel -> listening.join(channel, KEEP));
    List<Future<PublishResult>> results = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      for (String channel : channels()) {
        results.add(publisher.publishing(channel, "p" + i, KEEP));
      }
      if (i == each / 2) {
        crash(cluster.get(2));
      }
    }
    awaitAll(results);

    for (String channel : channels()) {
      eventually(() -> assertThat(listening.heard().publications(channel)).hasSize(each));
      assertThat(listening.heard().offsets(channel))
          .isEqualTo(LongStream.rangeClosed(1, each).boxed().toList());
      assertThat(new TreeSet<>(listening.heard().texts(channel))).hasSize(each);
    }
  }

  private List<String> channels() {
    return IntStream.range(0, CHANNELS).mapToObj(i -> channel("c" + i)).toList();
  }
}
