package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.awaitAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.HistoryPage.Continuity;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What {@link Backplane#history} reads, how it is bounded, what {@link Backplane#removeHistory}
 * leaves, and promises 7 and 8 without faults.
 */
public abstract class HistoryContract extends ContractSuite {
  private static final StreamPolicy SHORT = new StreamPolicy(100, Duration.ofMillis(400));
  private static final StreamPolicy FIVE = new StreamPolicy(5, Duration.ofMinutes(5));

  @Test
  void wholeHistoryIsReadForwardsAndBackwardsFromAnyNode() {
    String channel = published("whole", KEEP, 5);
    assertThat(read(channel, KEEP, null, HistoryQuery.ALL, false))
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(read(channel, KEEP, null, HistoryQuery.ALL, true))
        .containsExactly(5L, 4L, 3L, 2L, 1L);
    assertThat(read(channel, KEEP, null, 2, false)).containsExactly(1L, 2L);
    assertThat(read(channel, KEEP, null, 2, true)).containsExactly(5L, 4L);
    assertThat(read(channel, KEEP, null, 9, false)).hasSize(5);
  }

  @Test
  void historyIsReadFromAPosition() {
    String channel = published("since", KEEP, 5);
    assertThat(read(channel, KEEP, 2L, HistoryQuery.ALL, false)).containsExactly(3L, 4L, 5L);
    assertThat(read(channel, KEEP, 2L, 2, false)).containsExactly(3L, 4L);
    assertThat(read(channel, KEEP, 0L, 1, false)).containsExactly(1L);
    assertThat(read(channel, KEEP, 5L, HistoryQuery.ALL, false)).isEmpty();
    assertThat(read(channel, KEEP, 4L, HistoryQuery.ALL, true)).containsExactly(3L, 2L, 1L);
    assertThat(read(channel, KEEP, 4L, 1, true)).containsExactly(3L);
    assertThat(read(channel, KEEP, 1L, HistoryQuery.ALL, true)).isEmpty();
    assertThat(read(channel, KEEP, 0L, HistoryQuery.ALL, true)).isEmpty();
  }

  @Test
  void limitZeroAsksForThePositionAndTheVerdictOnly() {
    String channel = published("zero", FIVE, 7);
    HistoryPage page = node(2).history(channel, FIVE, HistoryQuery.positionOnly());
    assertThat(page.publications()).isEmpty();
    assertThat(page.top().offset()).isEqualTo(7);
    assertThat(page.continuity()).isEqualTo(Continuity.CONTINUOUS);
    assertThat(verdict(channel, FIVE, position(channel, FIVE, 2), 0))
        .isEqualTo(Continuity.CONTINUOUS);
    assertThat(verdict(channel, FIVE, position(channel, FIVE, 1), 0)).isEqualTo(Continuity.TRIMMED);
  }

  @Test
  void historyKeepsTheNewestUpToItsSize() {
    String channel = published("size", FIVE, 12);
    assertThat(read(channel, FIVE, null, HistoryQuery.ALL, false))
        .containsExactly(8L, 9L, 10L, 11L, 12L);
    assertThat(read(channel, FIVE, 3L, HistoryQuery.ALL, false))
        .containsExactly(8L, 9L, 10L, 11L, 12L);
    assertThat(read(channel, FIVE, 10L, HistoryQuery.ALL, true)).containsExactly(9L, 8L);
  }

  @Test
  void positionIsContinuousAsLongAsNothingAfterItIsTrimmed() {
    String channel = published("trimmed", FIVE, 12);
    assertThat(verdict(channel, FIVE, 12)).isEqualTo(Continuity.CONTINUOUS);
    assertThat(verdict(channel, FIVE, 8)).isEqualTo(Continuity.CONTINUOUS);
    assertThat(verdict(channel, FIVE, 7)).isEqualTo(Continuity.CONTINUOUS);
    assertThat(verdict(channel, FIVE, 6)).isEqualTo(Continuity.TRIMMED);
    assertThat(verdict(channel, FIVE, 0)).isEqualTo(Continuity.TRIMMED);
  }

  @Test
  void positionOfAnotherEpochOrAheadOfTheTopIsForeign() {
    String channel = published("foreign", KEEP, 3);
    String other = published("other", KEEP, 3);
    StreamPosition elsewhere = position(other, KEEP, 2);
    assertThat(verdict(channel, KEEP, elsewhere, HistoryQuery.ALL)).isEqualTo(Continuity.FOREIGN);
    assertThat(verdict(channel, KEEP, new StreamPosition("", 0), 1)).isEqualTo(Continuity.FOREIGN);
    assertThat(verdict(channel, KEEP, 4)).isEqualTo(Continuity.FOREIGN);
    HistoryPage page =
        node(0).history(channel, KEEP, HistoryQuery.after(elsewhere, HistoryQuery.ALL));
    assertThat(page.publications()).isEmpty();
    assertThat(page.top()).isEqualTo(position(channel, KEEP, 3));
  }

  @Test
  void streamWithoutHistoryStillCounts() {
    StreamPolicy none = StreamPolicy.NO_HISTORY;
    String channel = published("none", none, 3);
    assertThat(read(channel, none, null, HistoryQuery.ALL, false)).isEmpty();
    assertThat(verdict(channel, none, 3)).isEqualTo(Continuity.CONTINUOUS);
    assertThat(verdict(channel, none, 2)).isEqualTo(Continuity.TRIMMED);
    assertThat(verdict(channel, none, 4)).isEqualTo(Continuity.FOREIGN);
  }

  @Test
  void firstReadOfAChannelGivesTheEpochThatTheFirstPublishUses() {
    String channel = channel("unused");
    HistoryPage empty = node(1).history(channel, KEEP, HistoryQuery.positionOnly());
    assertThat(empty.top().offset()).isZero();
    assertThat(node(2).history(channel, KEEP, HistoryQuery.positionOnly()).top())
        .isEqualTo(empty.top());
    assertThat(node(0).join(channel, KEEP)).isEqualTo(empty.top());
    assertThat(node(0).publish(channel, "a", KEEP).position())
        .isEqualTo(new StreamPosition(empty.top().epoch(), 1));
    assertThat(verdict(channel, KEEP, empty.top(), HistoryQuery.ALL))
        .isEqualTo(Continuity.CONTINUOUS);
  }

  @Test
  void twoChannelsHaveDifferentEpochs() {
    List<String> epochs =
        IntStream.range(0, 100)
            .mapToObj(i -> position(channel("epoch-" + i), KEEP, 0).epoch())
            .toList();
    assertThat(epochs).doesNotHaveDuplicates();
  }

  @Test
  void expiryTrimsHistoryAndLeavesThePositionValid() {
    String channel = published("expired", SHORT, 3);
    StreamPosition top = position(channel, SHORT, 3);
    eventually(() -> assertThat(read(channel, SHORT, null, HistoryQuery.ALL, false)).isEmpty());
    HistoryPage page = node(0).history(channel, SHORT, HistoryQuery.after(top, HistoryQuery.ALL));
    assertThat(page.top()).isEqualTo(top);
    assertThat(page.continuity()).isEqualTo(Continuity.CONTINUOUS);
    assertThat(verdict(channel, SHORT, 2)).isEqualTo(Continuity.TRIMMED);
    assertThat(node(0).publish(channel, "next", SHORT).position())
        .isEqualTo(new StreamPosition(top.epoch(), 4));
  }

  @Test
  void joinedChannelKeepsEpochAndOffsetThroughExpiry() {
    String channel = channel("joined");
    StreamPosition start = node(1).join(channel, SHORT);
    node(0).publish(channel, "a", SHORT);
    eventually(() -> assertThat(read(channel, SHORT, null, HistoryQuery.ALL, false)).isEmpty());
    assertThat(node(0).publish(channel, "b", SHORT).position())
        .isEqualTo(new StreamPosition(start.epoch(), 2));
    eventually(() -> assertThat(node(1).heard().texts(channel)).containsExactly("a", "b"));
  }

  @Test
  void pageIsBoundedInBytesAndReadOnFromItsEnd() {
    String channel = channel("bytes");
    String text = "x".repeat(HistoryPage.BYTES_AT_MOST / 4);
    IntStream.range(0, 20).forEach(i -> node(i % 3).publish(channel, "small", KEEP));
    IntStream.range(0, 9).forEach(i -> node(i % 3).publish(channel, text, KEEP));
    for (boolean reverse : List.of(false, true)) {
      HistoryPage page =
          node(2).history(channel, KEEP, new HistoryQuery(null, HistoryQuery.ALL, reverse));
      List<Long> offsets = new ArrayList<>();
      while (!page.publications().isEmpty()) {
        assertThat(page.publications().stream().mapToLong(Publication::size).sum())
            .isLessThanOrEqualTo(HistoryPage.BYTES_AT_MOST);
        assertThat(page.continuity()).isEqualTo(Continuity.CONTINUOUS);
        page.publications().forEach(publication -> offsets.add(publication.offset()));
        var since = new StreamPosition(page.top().epoch(), offsets.get(offsets.size() - 1));
        page = node(2).history(channel, KEEP, new HistoryQuery(since, HistoryQuery.ALL, reverse));
      }
      long oldest = reverse ? offsets.get(offsets.size() - 1) : offsets.get(0);
      List<Long> kept = new ArrayList<>(LongStream.rangeClosed(oldest, 29).boxed().toList());
      if (reverse) {
        Collections.reverse(kept);
      }
      assertThat(offsets).hasSizeGreaterThanOrEqualTo(3).isEqualTo(kept);
    }
  }

  @Test
  void pageHoldsOnePublicationHoweverLarge() {
    String channel = channel("large");
    String text = "x".repeat(HistoryPage.BYTES_AT_MOST);
    IntStream.range(0, 2).forEach(i -> node(i).publish(channel, text, KEEP));
    assertThat(read(channel, KEEP, 1L, HistoryQuery.ALL, false)).containsExactly(2L);
    assertThat(read(channel, KEEP, null, HistoryQuery.ALL, true)).containsExactly(2L);
    assertThat(read(channel, KEEP, null, HistoryQuery.ALL, false)).hasSize(1);
  }

  @Test
  void pageIsOneInstantOfTheStream() {
    String channel = channel("instant");
    List<Future<PublishResult>> results =
        IntStream.range(0, 500)
            .mapToObj(i -> node(i % 2).publishing(channel, "p" + i, FIVE))
            .toList();
    for (int i = 0; i < 50; i++) {
      HistoryPage page = node(2).history(channel, FIVE, new HistoryQuery(null, 3, true));
      List<Long> offsets = page.publications().stream().map(Publication::offset).toList();
      assertThat(offsets.isEmpty() ? 0L : offsets.get(0)).isEqualTo(page.top().offset());
      for (int j = 1; j < offsets.size(); j++) {
        assertThat(offsets.get(j)).isEqualTo(offsets.get(j - 1) - 1);
      }
    }
    awaitAll(results);
  }

  @Test
  void removedHistoryIsGoneAndThePositionStays() {
    String channel = published("removed", KEEP, 5);
    StreamPosition top = position(channel, KEEP, 5);
    node(1).removeHistory(channel, KEEP);
    assertThat(read(channel, KEEP, null, HistoryQuery.ALL, false)).isEmpty();
    assertThat(position(channel, KEEP, 5)).isEqualTo(top);
    assertThat(verdict(channel, KEEP, 5)).isEqualTo(Continuity.CONTINUOUS);
    assertThat(verdict(channel, KEEP, 4)).isEqualTo(Continuity.TRIMMED);
    assertThat(verdict(channel, KEEP, 6)).isEqualTo(Continuity.FOREIGN);
    node(2).removeHistory(channel, KEEP);
    assertThat(node(0).publish(channel, "next", KEEP).position())
        .isEqualTo(new StreamPosition(top.epoch(), 6));
    assertThat(read(channel, KEEP, 5L, HistoryQuery.ALL, false)).containsExactly(6L);
    assertThat(verdict(channel, KEEP, 5)).isEqualTo(Continuity.CONTINUOUS);
    assertThat(verdict(channel, KEEP, 4)).isEqualTo(Continuity.TRIMMED);
  }

  @Test
  void historyOfAChannelNeverUsedIsRemovedAsWell() {
    String channel = channel("removed-unused");
    node(1).removeHistory(channel, KEEP);
    assertThat(node(0).publish(channel, "a", KEEP).position().offset()).isOne();
  }

  @Test
  void removedHistoryLeavesTheIdempotencyKeys() {
    String channel = channel("removed-keys");
    var request =
        new PublishRequest(channel, Payload.utf8("a"), KEEP, null, Map.of(), "the-first-key");
    PublishResult first = Futures.await(node(0).backplane().publish(request));
    node(1).removeHistory(channel, KEEP);
    PublishResult second = Futures.await(node(2).backplane().publish(request));
    assertThat(second).isEqualTo(new PublishResult(first.position(), true));
  }

  @Test
  void removalIsOneInstantOfTheStream() {
    String channel = channel("removed-instant");
    node(2).join(channel, KEEP);
    List<Future<PublishResult>> publishes = new ArrayList<>();
    List<Future<Void>> removals = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      publishes.add(node(i % 2).publishing(channel, "p" + i, KEEP));
      if (i % 20 == 0) {
        removals.add(node(2).backplane().removeHistory(channel, KEEP));
      }
    }
    for (int i = 0; i < 20; i++) {
      HistoryPage page =
          node(2).history(channel, KEEP, new HistoryQuery(null, HistoryQuery.ALL, true));
      long expected = page.top().offset();
      for (Publication publication : page.publications()) {
        assertThat(publication.offset()).isEqualTo(expected--);
      }
    }
    awaitAll(publishes);
    awaitAll(removals);
    assertThat(position(channel, KEEP, 200))
        .isEqualTo(node(0).history(channel, KEEP, HistoryQuery.positionOnly()).top());
    eventually(() -> assertThat(node(2).heard().texts(channel)).hasSize(200));
  }

  /** A channel with {@code count} publications, from all nodes in turn. */
  private String published(String name, StreamPolicy policy, int count) {
    String channel = channel(name);
    for (int i = 1; i <= count; i++) {
      assertThat(node(i % 3).publish(channel, "p" + i, policy).position().offset()).isEqualTo(i);
    }
    return channel;
  }

  private StreamPosition position(String channel, StreamPolicy policy, long offset) {
    HistoryPage page = node(1).history(channel, policy, HistoryQuery.positionOnly());
    return new StreamPosition(page.top().epoch(), offset);
  }

  private List<Long> read(
      String channel, StreamPolicy policy, @Nullable Long since, int limit, boolean reverse) {
    StreamPosition position = since == null ? null : position(channel, policy, since);
    HistoryQuery query = new HistoryQuery(position, limit, reverse);
    return node(2).history(channel, policy, query).publications().stream()
        .map(Publication::offset)
        .toList();
  }

  private Continuity verdict(String channel, StreamPolicy policy, long offset) {
    return verdict(channel, policy, position(channel, policy, offset), HistoryQuery.ALL);
  }

  private Continuity verdict(String channel, StreamPolicy policy, StreamPosition since, int limit) {
    return node(0).history(channel, policy, HistoryQuery.after(since, limit)).continuity();
  }
}
