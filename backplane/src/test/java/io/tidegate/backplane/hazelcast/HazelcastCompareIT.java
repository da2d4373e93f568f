package io.tidegate.backplane.hazelcast;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.awaitAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ContractSuite;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.TestNode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Comparing with the owner, while publications are on their way, loses none of them. */
final class HazelcastCompareIT extends ContractSuite {
  private static final int ROUNDS = 200;
  private static final int AT_ONCE = 10;
  private static final int MANY = 2_000;

  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }

  @Test
  void everyChannelIsAssertedAndGivenBackThoughFewAreAtOnce() {
    List<TestNode> cluster = freshCluster(2);
    TestNode listening = cluster.get(0);
    TestNode other = cluster.get(1);
    List<String> channels = IntStream.range(0, MANY).mapToObj(i -> channel("m" + i)).toList();
    awaitAll(channels.stream().map(c -> listening.backplane().join(c, KEEP)).toList());
    awaitAll(channels.stream().map(c -> listening.presence().add(c, client("x"), true)).toList());

    // Presence goes with a merge, which the owners learn from an assertion.
    Members.speakAnew(listening);
    eventually(
        () ->
            assertThat(awaitAll(channels.stream().map(other.presence()::stats).toList()))
                .allMatch(stats -> stats.clients() == 0));
    String any = channels.get(MANY - 1);
    other.publish(any, "p", KEEP);
    eventually(() -> assertThat(listening.heard().texts(any)).containsExactly("p"));
    await(listening.node().close());
    for (String channel : channels) {
      assertThat(interested(other, channel)).isEmpty();
    }
  }

  private static List<UUID> interested(TestNode node, String channel) {
    Command nothing = new Command.Assert(false, null, null, null);
    Batch batch = new Batch(Members.uuidOf(node), 1L << 40, false, List.of(), List.of(nothing));
    return await(Members.run(node, channel, batch)).interested();
  }

  @Test
  void doubtUnderLoadIsNoGapWhereNothingIsKept() {
    List<String> channels = List.of(channel("a"), channel("b"), channel("c"), channel("d"));
    channels.forEach(channel -> node(0).join(channel, StreamPolicy.NO_HISTORY));
    for (int round = 0; round < ROUNDS; round++) {
      List<Future<PublishResult>> results = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        for (String channel : channels) {
          results.add(node(1).publishing(channel, "p", StreamPolicy.NO_HISTORY));
        }
        Members.doubtAll(node(0));
      }
      awaitAll(results);
    }
    List<Long> all = LongStream.rangeClosed(1, ROUNDS * AT_ONCE).boxed().toList();
    for (String channel : channels) {
      eventually(() -> assertThat(node(0).heard().offsets(channel)).isEqualTo(all));
      assertThat(node(0).heard().events(channel)).hasSameSizeAs(all);
    }
  }
}
