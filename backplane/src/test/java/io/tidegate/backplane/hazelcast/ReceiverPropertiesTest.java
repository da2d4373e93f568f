package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.RecordingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Whatever the way does to events: each is told once, in order, or the listener knows. */
final class ReceiverPropertiesTest {
  private static final String CHANNEL = "c";

  @Property(tries = 1_000)
  void eventsThatAreShuffledRepeatedAndLostAreToldOnceAndInOrder(
      @ForAll @IntRange(min = 1, max = 120) int count, @ForAll long seed) {
    Random random = new Random(seed);
    List<Event> events = events(count, random);
    EventLog log = new EventLog();
    events.forEach(log::add);
    var heard = new RecordingListener();
    var receiver = new Receiver(CHANNEL, heard, BackplaneMetrics.NONE);
    stand(receiver, standing("e", 0, 0, List.of()), false);

    List<Event> way = new ArrayList<>(events);
    way.addAll(events.subList(0, count / 3));
    way.removeIf(event -> random.nextInt(5) == 0);
    for (int i = way.size() - 1; i > 0; i--) {
      // Mostly near its place, as on a real way.
      int other = Math.max(0, i - random.nextInt(8));
      Event event = way.set(i, way.get(other));
      way.set(other, event);
    }
    for (Event event : way) {
      Receiver.Need need = receiver.offer("e", List.of(event), 0);
      if (need != Receiver.Need.NOTHING && random.nextInt(4) == 0) {
        refill(receiver, log, events.get(events.size() - 1));
      }
    }
    refill(receiver, log, events.get(events.size() - 1));

    assertThat(heard.violations()).isEmpty();
    assertThat(heard.events(CHANNEL))
        .allMatch(e -> !(e instanceof RecordingListener.Gap))
        .allMatch(e -> !(e instanceof RecordingListener.Reset))
        .hasSize(count);
  }

  @Test
  void publicationsThatAreNotKeptAnyMoreAreAGapBeforeTheNextOne() {
    var heard = new RecordingListener();
    var receiver = new Receiver(CHANNEL, heard, BackplaneMetrics.NONE);
    stand(receiver, standing("e", 1, 0, List.of()), false);
    List<Event> kept = List.of(published(5, 0), published(6, 0));
    stand(receiver, standing("e", 6, 0, kept), true);
    assertThat(heard.events(CHANNEL)).isEmpty();
    standLater(receiver, standing("e", 6, 0, kept));
    assertThat(heard.events(CHANNEL).get(0))
        .isEqualTo(new RecordingListener.Gap(new Place("e", 4, 0).position(), GapCause.TRIMMED));
    assertThat(heard.offsets(CHANNEL)).containsExactly(5L, 6L);
  }

  @Test
  void publicationsThatAreNotKeptAndStillOnTheirWayAreNoGap() {
    var heard = new RecordingListener();
    var receiver = new Receiver(CHANNEL, heard, BackplaneMetrics.NONE);
    stand(receiver, standing("e", 1, 0, List.of()), false);
    assertThat(receiver.stand(standing("e", 4, 0, List.of()), true, 0))
        .isEqualTo(Receiver.Need.SOON);
    assertThat(receiver.offer("e", List.of(published(3, 0)), 1)).isEqualTo(Receiver.Need.SOON);
    assertThat(receiver.offer("e", List.of(published(2, 0)), 2)).isEqualTo(Receiver.Need.SOON);
    assertThat(receiver.offer("e", List.of(published(4, 0)), 3)).isEqualTo(Receiver.Need.NOTHING);
    assertThat(heard.offsets(CHANNEL)).containsExactly(2L, 3L, 4L);
    assertThat(heard.events(CHANNEL)).hasSize(3);
  }

  @Test
  void whatDidNotComeInTimeIsAGapAndWhatIsNewerIsNot() {
    var heard = new RecordingListener();
    var receiver = new Receiver(CHANNEL, heard, BackplaneMetrics.NONE);
    stand(receiver, standing("e", 1, 0, List.of()), false);
    stand(receiver, standing("e", 3, 0, List.of()), true);
    assertThat(receiver.offer("e", List.of(published(3, 0)), 1)).isEqualTo(Receiver.Need.SOON);
    standLater(receiver, standing("e", 5, 0, List.of()));
    assertThat(receiver.offer("e", List.of(published(4, 0), published(5, 0)), 1))
        .isEqualTo(Receiver.Need.NOTHING);
    assertThat(heard.events(CHANNEL).get(0))
        .isEqualTo(new RecordingListener.Gap(new Place("e", 2, 0).position(), GapCause.TRIMMED));
    assertThat(heard.offsets(CHANNEL)).containsExactly(3L, 4L, 5L);
    assertThat(heard.events(CHANNEL)).hasSize(4);
  }

  @Test
  void missedMovesResetPresenceAndLeaveTheStreamAlone() {
    var heard = new RecordingListener();
    var receiver = new Receiver(CHANNEL, heard, BackplaneMetrics.NONE);
    stand(receiver, standing("e", 1, 0, List.of()), false);
    Outcome.Standing standing = standing("e", 2, 70, List.of(published(2, 30)));
    stand(receiver, standing, true);
    standLater(receiver, standing);
    assertThat(heard.events(CHANNEL))
        .hasSize(2)
        .anyMatch(RecordingListener.Reset.class::isInstance)
        .noneMatch(RecordingListener.Gap.class::isInstance);
    assertThat(receiver.place()).isEqualTo(new Place("e", 2, 70));
  }

  @Test
  void streamThatIsNotThereAnyMoreIsLost() {
    var heard = new RecordingListener();
    var receiver = new Receiver(CHANNEL, heard, BackplaneMetrics.NONE);
    stand(receiver, standing("e", 7, 0, List.of()), false);
    stand(receiver, standing("f", 2, 0, List.of(published(1, 0), published(2, 0))), true);
    assertThat(heard.events(CHANNEL))
        .contains(new RecordingListener.Gap(new Place("f", 2, 0).position(), GapCause.LOST));
    assertThat(heard.offsets(CHANNEL)).isEmpty();
  }

  @Test
  void forkBelowThePlaceSkipsToTheTopAndForkAboveItGoesOn() {
    Lineage forked = Lineage.start("e").fork("f", 5, 0);
    for (long place : new long[] {4, 6}) {
      var heard = new RecordingListener();
      var receiver = new Receiver(CHANNEL, heard, BackplaneMetrics.NONE);
      stand(receiver, standing("e", place, 0, List.of()), false);
      List<Event> kept = List.of(published(5, 0), published(6, 0), published(7, 0));
      List<Event> after = kept.stream().filter(e -> e.offset() > place).toList();
      stand(receiver, new Outcome.Standing(List.of(), forked, 7, 0, 0, after, true), true);
      long resumed = place == 4 ? 4 : 7;
      assertThat(heard.events(CHANNEL).get(0))
          .isEqualTo(
              new RecordingListener.Gap(new Place("f", resumed, 0).position(), GapCause.FORK));
      assertThat(heard.offsets(CHANNEL)).hasSize(place == 4 ? 3 : 0);
    }
  }

  private static void stand(Receiver receiver, Outcome.Standing standing, boolean asked) {
    assertThat(receiver.stand(standing, asked, 0)).isNotNull();
  }

  private static void standLater(Receiver receiver, Outcome.Standing standing) {
    assertThat(receiver.stand(standing, true, Channels.MISSING_NANOS)).isNotNull();
  }

  private static void refill(Receiver receiver, EventLog log, Event last) {
    Place place = receiver.place();
    if (place != null) {
      EventLog.Page page = log.after(place.offset(), place.moves());
      stand(receiver, standing("e", last.offset(), last.moves(), page.events()), true);
    }
  }

  private static List<Event> events(int count, Random random) {
    List<Event> events = new ArrayList<>();
    long offset = 0;
    long moves = 0;
    for (int i = 0; i < count; i++) {
      // As many moves as the log keeps, so that nothing is trimmed.
      if (random.nextInt(4) == 0 && moves < EventLog.MOVES_AT_MOST) {
        moves++;
        var member = new ClientInfo("m" + (moves - 1) / 2, "", null, null);
        events.add(new Event.Moved(moves % 2 == 1, member, offset, moves));
      } else {
        events.add(published(++offset, moves));
      }
    }
    return events;
  }

  private static Event published(long offset, long moves) {
    return new Event.Published(
        new Publication(offset, Payload.utf8("p" + offset), null, Map.of(), 1), moves);
  }

  private static Outcome.Standing standing(
      String epoch, long offset, long moves, List<Event> events) {
    return new Outcome.Standing(List.of(), Lineage.start(epoch), offset, moves, 0, events, true);
  }
}
