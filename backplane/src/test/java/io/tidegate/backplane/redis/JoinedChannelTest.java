package io.tidegate.backplane.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.RecordingListener;
import io.tidegate.backplane.StreamPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Order, holes and refills, without a server. */
final class JoinedChannelTest {
  private static final String EPOCH = "e";
  private static final ClientInfo ANN = new ClientInfo("c", "ann", null, null);

  private final RecordingListener heard = new RecordingListener();
  private final JoinedChannel channel =
      new JoinedChannel("ch", StreamPolicy.NO_HISTORY, heard, BackplaneMetrics.NONE);

  private static Publication publication(long offset) {
    return new Publication(offset, Payload.utf8("p" + offset), null, Map.of(), 1);
  }

  private static Event published(long offset, long moves) {
    return new Event.Published(new Place(EPOCH, offset, moves), publication(offset), 10);
  }

  private static Event joined(long offset, long moves) {
    return new Event.Moved(new Place(EPOCH, offset, moves), true, ANN, 10);
  }

  private static Page page(long offset, long moves, Publication... kept) {
    return new Page(
        new Place(EPOCH, offset, moves),
        List.of(),
        "",
        kept.length == 0 ? 0 : kept[0].offset(),
        List.of(kept));
  }

  @Test
  void whatIsHeardDuringAComparisonIsNotMissing() {
    assertThat(channel.begin(new Place(EPOCH, 10, 0))).isFalse();
    assertThat(channel.startReading()).isTrue();
    assertThat(channel.hear(published(11, 0))).isFalse();
    assertThat(channel.hear(joined(11, 1))).isFalse();
    assertThat(channel.hear(published(12, 1))).isFalse();
    assertThat(channel.read(page(12, 1))).isFalse();
    assertThat(heard.offsets("ch")).containsExactly(11L, 12L);
    assertThat(heard.moves("ch")).containsExactly("+c");
    assertThat(heard.events("ch")).hasSize(3);
  }

  @Test
  void whatIsHeardBeyondTheComparisonFollows() {
    assertThat(channel.begin(new Place(EPOCH, 10, 0))).isFalse();
    assertThat(channel.startReading()).isTrue();
    assertThat(channel.hear(published(11, 0))).isFalse();
    assertThat(channel.hear(published(12, 0))).isFalse();
    assertThat(channel.read(page(11, 0))).isFalse();
    assertThat(heard.offsets("ch")).containsExactly(11L, 12L);
  }

  @Test
  void holeIsFilledFromTheStream() {
    assertThat(channel.begin(new Place(EPOCH, 0, 0))).isFalse();
    assertThat(channel.hear(published(3, 0))).isTrue();
    assertThat(channel.startReading()).isTrue();
    assertThat(channel.read(page(3, 0, publication(1), publication(2), publication(3)))).isFalse();
    assertThat(heard.offsets("ch")).containsExactly(1L, 2L, 3L);
  }

  @Test
  void holeThatTheStreamHasNotKeptIsAGap() {
    assertThat(channel.begin(new Place(EPOCH, 0, 0))).isFalse();
    assertThat(channel.hear(published(3, 1))).isTrue();
    assertThat(channel.startReading()).isTrue();
    assertThat(channel.read(page(3, 1))).isFalse();
    assertThat(heard.events("ch"))
        .containsExactly(
            new RecordingListener.Gap(new Place(EPOCH, 3, 1).position(), GapCause.TRIMMED),
            new RecordingListener.Reset());
    assertThat(channel.hear(published(4, 1))).isFalse();
    assertThat(heard.offsets("ch")).containsExactly(4L);
  }

  @Test
  void eventOfAnEndedEpochEndsNoReadingInALoop() {
    assertThat(channel.begin(new Place(EPOCH, 0, 0))).isFalse();
    var old = new Event.Published(new Place("before", 7, 0), publication(7), 10);
    assertThat(channel.hear(old)).isTrue();
    assertThat(channel.startReading()).isTrue();
    assertThat(channel.read(page(0, 0))).isTrue();
    assertThat(channel.startReading()).isTrue();
    assertThat(channel.read(page(0, 0))).isFalse();
    assertThat(heard.events("ch")).isEmpty();
  }

  @Test
  void linkThatBrokeWhileJoiningAsksForAReading() {
    channel.miss();
    assertThat(channel.begin(new Place(EPOCH, 10, 0))).isTrue();
  }

  @Property(tries = 300)
  void everyPublicationIsToldOnceAndInOrderWhateverIsLostOnTheWay(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 60) int count) {
    var listener = new RecordingListener();
    var each = new JoinedChannel("ch", StreamPolicy.NO_HISTORY, listener, BackplaneMetrics.NONE);
    List<Publication> kept = new ArrayList<>();
    boolean due = each.begin(new Place(EPOCH, 0, 0));
    Page read = null;
    for (int offset = 1; offset <= count; offset++) {
      kept.add(publication(offset));
      if (random.nextInt(3) > 0) {
        due |= each.hear(published(offset, 0));
      }
      if (read != null && random.nextBoolean()) {
        due |= each.read(read);
        read = null;
      }
      if (read == null && (due || random.nextInt(10) == 0) && each.startReading()) {
        read = after(each, kept);
        due = false;
      }
    }
    if (read != null) {
      due = each.read(read);
    }
    // The last comparison, as comes to every channel now and then.
    do {
      assertThat(each.startReading()).isTrue();
      due = each.read(after(each, kept));
    } while (due);
    assertThat(listener.offsets("ch")).isEqualTo(LongStream.rangeClosed(1, count).boxed().toList());
    assertThat(listener.violations()).isEmpty();
  }

  private static Page after(JoinedChannel each, List<Publication> kept) {
    long from = java.util.Objects.requireNonNull(each.place()).offset();
    List<Publication> rest = kept.stream().filter(p -> p.offset() > from).limit(7).toList();
    return new Page(
        new Place(EPOCH, kept.size(), 0), List.of(), "", 1, Collections.unmodifiableList(rest));
  }
}
