package io.tidegate.backplane.hazelcast;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.failureOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ContractSuite;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A cluster of two whose link breaks and heals (decision 4). */
final class HazelcastSplitIT extends ContractSuite {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }

  @Test
  void sidesGoOnApartAndAgreeAgainAfterTheMerge() {
    List<TestNode> cluster = List.of();
    Promise<Void> sessionsClosed = Promise.promise();
    Map<String, StreamPosition> common = new HashMap<>();
    Map<String, List<StreamPosition>> apart = new HashMap<>();
    // The grid heals a split within 5 s of it, which may be at once: such a split is no use here.
    do {
      cluster.forEach(each -> await(each.node().close()));
      cluster = freshCluster(2);
      common.putAll(commonOf(cluster));
      cluster.forEach(node -> node.heard().onLeaseLost(sessionsClosed::future));
      Members.split(cluster.get(0), cluster.get(1));
      apart.putAll(publishApart(cluster));
    } while (leasesLost(cluster) > 0);
    apart.values().forEach(branches -> assertThat(branches).doesNotHaveDuplicates());
    List<TestNode> both = cluster;
    eventually(() -> assertThat(leasesLost(both)).isEqualTo(1));

    TestNode merged = cluster.get(cluster.get(0).heard().leasesLost() == 1 ? 0 : 1);
    TestNode stayed = cluster.get(merged == cluster.get(0) ? 1 : 0);
    int stayedSide = merged == cluster.get(0) ? 1 : 0;
    assertThat(failureOf(merged.presence().add(channel("c0"), client("x"), true)))
        .isEqualTo(Reason.CLOSED);
    sessionsClosed.complete();
    for (String channel : channels()) {
      eventually(
          () ->
              assertThat(await(stayed.presence().members(channel)))
                  .containsOnlyKeys("on-" + stayed.cluster().nodeId()));
      assertThat(verdict(merged, channel, requireNonNull(common.get(channel), channel)))
          .isEqualTo(Continuity.CONTINUOUS);
      List<StreamPosition> branches = requireNonNull(apart.get(channel), channel);
      assertThat(verdict(merged, channel, branches.get(stayedSide)))
          .isEqualTo(Continuity.CONTINUOUS);
      assertThat(verdict(merged, channel, branches.get(1 - stayedSide)))
          .isEqualTo(Continuity.FOREIGN);
      StreamPosition next = merged.publish(channel, "after", KEEP).position();
      for (TestNode node : cluster) {
        eventually(() -> assertThat(node.heard().texts(channel)).endsWith("after"));
        assertThat(node.heard().offsets(channel)).endsWith(next.offset());
      }
    }
    eventually(() -> merged.add(channel("c0"), client("back")));
    eventually(() -> assertThat(stayed.heard().moves(channel("c0"))).endsWith("+back"));
  }

  /** Two publications and both nodes' clients in each channel; the position of the second. */
  private Map<String, StreamPosition> commonOf(List<TestNode> cluster) {
    Map<String, StreamPosition> common = new HashMap<>();
    for (String channel : channels()) {
      cluster.forEach(node -> node.join(channel, KEEP));
      cluster.get(0).publish(channel, "1", KEEP);
      common.put(channel, cluster.get(1).publish(channel, "2", KEEP).position());
      for (TestNode node : cluster) {
        node.add(channel, client("on-" + node.cluster().nodeId()));
        eventually(() -> assertThat(node.heard().offsets(channel)).hasSize(2));
      }
    }
    return common;
  }

  /** What each of the two answers, by channel. */
  private Map<String, List<StreamPosition>> publishApart(List<TestNode> cluster) {
    Map<String, Future<List<StreamPosition>>> apart = new HashMap<>();
    for (String channel : channels()) {
      Future<PublishResult> left = cluster.get(0).publishing(channel, "left", KEEP);
      Future<PublishResult> right = cluster.get(1).publishing(channel, "right", KEEP);
      apart.put(
          channel,
          Future.all(left, right)
              .map(both -> List.of(left.result().position(), right.result().position())));
    }
    Map<String, List<StreamPosition>> answers = new HashMap<>();
    apart.forEach((channel, positions) -> answers.put(channel, await(positions)));
    return answers;
  }

  private static int leasesLost(List<TestNode> cluster) {
    return cluster.stream().mapToInt(node -> node.heard().leasesLost()).sum();
  }

  private Continuity verdict(TestNode node, String channel, StreamPosition since) {
    return node.history(channel, KEEP, HistoryQuery.after(since, HistoryQuery.ALL)).continuity();
  }

  private List<String> channels() {
    return IntStream.range(0, 10).mapToObj(i -> channel("c" + i)).toList();
  }
}
