package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.internal.serialization.SerializationService;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * A channel's owner and its backup through any sequence of publishes, missed backups, promotions
 * and hand-overs: a position that was ever shown never continues into another history, and what was
 * acknowledged with its backup is never lost.
 */
final class ForkPropertiesTest {
  private static final SerializationService WIRE = GridWire.service();
  private static final StreamPolicy KEEP = new StreamPolicy(8, Duration.ofMinutes(5));

  enum Step {
    PUBLISH,
    PUBLISH_MISSING_THE_BACKUP,
    REPEAT,
    READ,
    ENTER,
    LEAVE,
    PROMOTE,
    HAND_OVER,
    SYNCHRONISE
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Arbitraries.of(Step.class).list().ofMinSize(1).ofMaxSize(60);
  }

  @Property(tries = 2_000)
  void positionNeverContinuesIntoAnotherHistory(@ForAll("steps") List<Step> steps) {
    var cluster = new Pair();
    steps.forEach(cluster::take);
    cluster.check();
  }

  /** One channel, its owner's copy and its backup's. */
  private static final class Pair {
    private final AtomicLong draws = new AtomicLong();
    private final UUID sender = new UUID(0, 1);
    private final Map<StreamPosition, String> shown = new HashMap<>();
    private @Nullable ChannelState owner;
    private @Nullable ChannelState backup;
    private boolean backupIsBehind;
    private @Nullable Batch last;
    private @Nullable StreamPosition safe;
    private long term = 1;
    private long safeTerm;
    private long number;
    private long now = 1_000_000;

    void take(Step step) {
      now += 10;
      switch (step) {
        case PUBLISH -> publish(false);
        case PUBLISH_MISSING_THE_BACKUP -> publish(true);
        case REPEAT -> {
          if (last != null) {
            run(last.again(), false);
          }
        }
        case READ -> check();
        case ENTER ->
            run(batch(new Command.Add(new ClientInfo("c" + number, "", null, null), true)), false);
        case LEAVE -> run(batch(new Command.Remove("c" + (number - 1))), false);
        case PROMOTE -> promote();
        case HAND_OVER -> owner = copy(owner);
        case SYNCHRONISE -> {
          backup = copy(owner);
          backupIsBehind = false;
        }
      }
    }

    /** Shows what is there now, and holds everything shown before against it. */
    void check() {
      for (Map.Entry<StreamPosition, String> seen : List.copyOf(shown.entrySet())) {
        StreamPosition position = seen.getKey();
        var before = new StreamPosition(position.epoch(), position.offset() - 1);
        HistoryPage page = read(HistoryQuery.after(before, 1));
        if (page.continuity() == Continuity.CONTINUOUS && !page.publications().isEmpty()) {
          HistoryPage at = read(HistoryQuery.after(position, 1));
          if (at.continuity() != Continuity.FOREIGN) {
            assertThat(page.publications().get(0).data().text()).isEqualTo(seen.getValue());
          }
        }
      }
      HistoryPage page = read(new HistoryQuery(null, HistoryQuery.ALL, false));
      long expected = page.top().offset() - page.publications().size() + 1;
      for (Publication publication : page.publications()) {
        assertThat(publication.offset()).isEqualTo(expected++);
        show(new StreamPosition(page.top().epoch(), publication.offset()), publication);
      }
      if (safe != null && !backupIsBehind) {
        assertThat(page.top().offset()).isGreaterThanOrEqualTo(safe.offset());
        // A lineage remembers four forks; older positions are refused, which is honest too.
        if (term - safeTerm <= 4) {
          assertThat(read(HistoryQuery.after(safe, 1)).continuity())
              .isNotEqualTo(Continuity.FOREIGN);
        }
      }
    }

    private void show(StreamPosition position, Publication publication) {
      String text = publication.data().text();
      assertThat(shown.getOrDefault(position, text)).isEqualTo(text);
      shown.put(position, text);
    }

    private void publish(boolean missesBackup) {
      String text = "p" + ++number;
      Batch batch =
          batch(
              new Command.Publish(
                  new PublishRequest(
                      "", Payload.utf8(text), KEEP, null, Map.of(), "key" + number)));
      run(batch, missesBackup);
    }

    private Batch batch(Command command) {
      return new Batch(sender, ++number, false, List.of(), List.of(command));
    }

    private void run(Batch batch, boolean missesBackup) {
      last = batch;
      var turn = new Turn(owner, at());
      Answer answer = turn.run(batch);
      owner = turn.state();
      follow(turn, missesBackup);
      if (!missesBackup && answer.outcomes().get(0) instanceof Outcome.Appended appended) {
        safe = new StreamPosition(answer.epoch(), appended.offset());
        safeTerm = term;
      }
      if (!backupIsBehind) {
        assertThat(picture(backup)).isEqualTo(picture(owner));
      }
    }

    private void follow(Turn turn, boolean missed) {
      Change change = turn.change();
      if (missed) {
        backupIsBehind |= change != null;
      } else if (turn.answersOldNews()) {
        backup = copy(owner);
        backupIsBehind = false;
      } else if (change != null) {
        Follow<?> sent = WIRE.toObject(WIRE.toData(new Follow<>(change)));
        Change received = sent.change();
        backup =
            backup == null
                ? new ChannelState(received.lineage().epoch(), received.term(), now)
                : backup;
        Follow.follow(backup, received);
      }
    }

    private void promote() {
      owner = copy(backup);
      backup = copy(owner);
      if (backupIsBehind) {
        safe = null;
      }
      backupIsBehind = false;
      term++;
    }

    private HistoryPage read(HistoryQuery query) {
      var turn = new Turn(owner, at());
      HistoryPage page = turn.read(KEEP, query);
      owner = turn.state();
      follow(turn, false);
      return page;
    }

    private Owner at() {
      return new Owner(now, term, 100, () -> "e" + draws.incrementAndGet(), member -> true);
    }

    private static @Nullable ChannelState copy(@Nullable ChannelState state) {
      return state == null ? null : WIRE.toObject(WIRE.toData(state));
    }

    private static List<?> picture(@Nullable ChannelState state) {
      return state == null
          ? List.of()
          : List.of(
              state.lineage(),
              state.term(),
              state.version(),
              state.offset(),
              state.moves(),
              state.touchedMillis(),
              state.policy(),
              state.members(),
              state.interested(),
              state.answered(),
              state.log() == null ? List.of() : state.log().events());
    }
  }
}
