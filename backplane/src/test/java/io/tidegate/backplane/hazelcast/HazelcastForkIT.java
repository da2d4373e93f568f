package io.tidegate.backplane.hazelcast;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.awaitAll;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ContractSuite;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.RecordingListener;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.TestNode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When streams fork, and when they do not: promise 7, with members that really die and leave. */
final class HazelcastForkIT extends ContractSuite {
  private static final int CHANNELS = 40;

  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }

  @Test
  void streamsOfADeadOwnerForkAndOthersGoOn() {
    List<TestNode> cluster = freshCluster(3);
    Map<String, StreamPosition> tops = publishThree(cluster.get(0));
    TestNode dead = cluster.get(2);
    List<String> owned =
        channels().stream().filter(channel -> Members.isOwner(dead, channel)).toList();
    assertThat(owned).isNotEmpty().hasSizeLessThan(CHANNELS);
    crash(dead);

    for (String channel : channels()) {
      StreamPosition top = at(tops, channel);
      boolean forks = owned.contains(channel);
      StreamPosition next = cluster.get(1).publish(channel, "4", KEEP).position();
      assertThat(next.offset()).isEqualTo(4);
      assertThat(next.epoch().equals(top.epoch())).isEqualTo(!forks);

      HistoryPage recovered = read(cluster.get(0), channel, new StreamPosition(top.epoch(), 2));
      assertThat(recovered.continuity()).isEqualTo(Continuity.CONTINUOUS);
      assertThat(texts(recovered)).containsExactly("3", "4");
      HistoryPage above = read(cluster.get(0), channel, new StreamPosition(top.epoch(), 4));
      assertThat(above.continuity()).isEqualTo(forks ? Continuity.FOREIGN : Continuity.CONTINUOUS);
    }
  }

  @Test
  void backupThatTakesOverDoesNotBringRemovedHistoryBack() {
    List<TestNode> cluster = freshCluster(3);
    assertThat(publishThree(cluster.get(0))).hasSize(CHANNELS);
    channels().forEach(channel -> cluster.get(1).removeHistory(channel, KEEP));
    crash(cluster.get(2));

    for (String channel : channels()) {
      HistoryPage page =
          cluster.get(0).history(channel, KEEP, new HistoryQuery(null, HistoryQuery.ALL, false));
      assertThat(page.publications()).isEmpty();
      assertThat(page.top().offset()).isEqualTo(3);
    }
  }

  @Test
  void forkIsToldBeforeTheNextPublicationAlsoOnQuietChannels() {
    List<TestNode> cluster = freshCluster(3);
    TestNode listening = cluster.get(0);
    channels().forEach(channel -> listening.join(channel, KEEP));
    Map<String, StreamPosition> tops = publishThree(cluster.get(1));
    TestNode dead = cluster.get(2);
    List<String> owned =
        channels().stream().filter(channel -> Members.isOwner(dead, channel)).toList();
    channels().forEach(c -> eventually(() -> assertThat(listening.heard().offsets(c)).hasSize(3)));
    crash(dead);

    for (String channel : owned) {
      eventually(() -> assertThat(listening.heard().events(channel)).hasSize(4));
      var gap = (RecordingListener.Gap) listening.heard().events(channel).get(3);
      assertThat(gap.cause()).isEqualTo(GapCause.FORK);
      assertThat(gap.resumed().offset()).isEqualTo(3);
      assertThat(gap.resumed().epoch()).isNotEqualTo(at(tops, channel).epoch());
      StreamPosition next = cluster.get(1).publish(channel, "4", KEEP).position();
      assertThat(next.epoch()).isEqualTo(gap.resumed().epoch());
      eventually(() -> assertThat(listening.heard().offsets(channel)).hasSize(4));
    }
    for (String channel : channels()) {
      if (!owned.contains(channel)) {
        assertThat(listening.heard().events(channel)).hasSize(3);
      }
    }
  }

  @Test
  void rollingRestartForksNothing() {
    List<TestNode> old = freshCluster(2);
    TestNode listening = freshCluster(1).get(0);
    channels().forEach(channel -> listening.join(channel, KEEP));
    Map<String, StreamPosition> tops = publishThree(listening);
    // Quiet meanwhile: each partition goes through several hands before it is touched again.
    await(old.get(0).node().close());
    List<TestNode> fresh = freshCluster(1);
    await(old.get(1).node().close());

    for (String channel : channels()) {
      StreamPosition top = at(tops, channel);
      assertThat(fresh.get(0).publish(channel, "4", KEEP).position())
          .isEqualTo(new StreamPosition(top.epoch(), 4));
      eventually(() -> assertThat(listening.heard().events(channel)).hasSize(4));
      assertThat(texts(read(fresh.get(0), channel, top))).containsExactly("4");
    }
  }

  @Test
  void memberThatJoinsUnderLoadDisturbsNothing() {
    List<TestNode> cluster = freshCluster(2);
    TestNode listening = cluster.get(0);
    channels().forEach(channel -> listening.join(channel, KEEP));
    Map<String, StreamPosition> tops = publishThree(cluster.get(1));
    List<Future<PublishResult>> results = new ArrayList<>();
    Future<TestNode> joining = vertx().executeBlocking(() -> freshCluster(1).get(0), false);
    int rounds = 0;
    while (!joining.isComplete() || rounds < 50) {
      for (String channel : channels()) {
        results.add(cluster.get(rounds % 2).publishing(channel, "p" + rounds, KEEP));
      }
      rounds++;
      awaitAll(results.subList(results.size() - CHANNELS, results.size()));
    }
    List<Long> all = LongStream.rangeClosed(1, 3 + rounds).boxed().toList();
    for (String channel : channels()) {
      eventually(() -> assertThat(listening.heard().offsets(channel)).isEqualTo(all));
      assertThat(listening.heard().events(channel)).hasSize(all.size());
      HistoryPage page = read(await(joining), channel, at(tops, channel));
      assertThat(page.top().epoch()).isEqualTo(at(tops, channel).epoch());
      assertThat(page.publications()).hasSize(rounds);
    }
  }

  @Test
  void bothDeadTogetherIsALostStream() {
    List<TestNode> cluster = freshCluster(3);
    TestNode survivor = cluster.get(0);
    channels().forEach(channel -> survivor.join(channel, KEEP));
    Map<String, StreamPosition> tops = publishThree(survivor);
    channels().forEach(c -> eventually(() -> assertThat(survivor.heard().offsets(c)).hasSize(3)));
    crash(cluster.get(1));
    crash(cluster.get(2));

    int lost = 0;
    for (String channel : channels()) {
      StreamPosition top = at(tops, channel);
      HistoryPage page = read(survivor, channel, top);
      if (page.continuity() == Continuity.FOREIGN) {
        lost++;
        assertThat(page.top().epoch()).isNotEqualTo(top.epoch());
        eventually(
            () ->
                assertThat(survivor.heard().events(channel))
                    .anyMatch(
                        e -> e instanceof RecordingListener.Gap g && g.cause() == GapCause.LOST));
      }
      survivor.publish(channel, "after", KEEP);
      eventually(() -> assertThat(survivor.heard().texts(channel)).endsWith("after"));
    }
    assertThat(lost).isPositive();
  }

  private Map<String, StreamPosition> publishThree(TestNode publisher) {
    Map<String, StreamPosition> tops = new HashMap<>();
    for (String channel : channels()) {
      for (int i = 1; i <= 3; i++) {
        tops.put(channel, publisher.publish(channel, "" + i, KEEP).position());
      }
    }
    return tops;
  }

  private HistoryPage read(TestNode node, String channel, StreamPosition since) {
    return node.history(channel, KEEP, HistoryQuery.after(since, HistoryQuery.ALL));
  }

  private static List<String> texts(HistoryPage page) {
    return page.publications().stream().map(Publication::data).map(d -> d.text()).toList();
  }

  private static StreamPosition at(Map<String, StreamPosition> positions, String channel) {
    return requireNonNull(positions.get(channel), channel);
  }

  private List<String> channels() {
    return IntStream.range(0, CHANNELS).mapToObj(i -> channel("c" + i)).toList();
  }
}
