package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TurnTest {
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);
  private static final StreamPolicy KEEP = new StreamPolicy(100, Duration.ofSeconds(10));

  private final Set<UUID> members = new HashSet<>(Set.of(ONE, TWO));
  private @Nullable ChannelState state;
  private long now = 1_000_000;
  private long number;

  @Test
  void sweepRemovesWhatTheDeadLeftAndTellsTheirLeavesInPortions() {
    run(TWO, join());
    run(ONE, join());
    for (int i = 0; i < 300; i++) {
      run(ONE, new Command.Add(client("c" + i), true));
    }
    run(ONE, new Command.Add(client("quiet"), false));
    run(TWO, new Command.Add(client("stays"), true));
    assertThat(needsSweep()).isFalse();
    members.remove(ONE);
    assertThat(needsSweep()).isTrue();

    Answer first = sweep();
    Answer second = sweep();
    assertThat(first.more()).isTrue();
    assertThat(second.more()).isFalse();
    assertThat(leaves(first) + leaves(second)).isEqualTo(300);
    assertThat(second.interested()).containsExactly(TWO);
    assertThat(state().members()).containsOnlyKeys("stays");
    assertThat(needsSweep()).isFalse();
  }

  @Test
  void unusedStreamOutlivesItsHistoryByTheMarginAndThenExpires() {
    run(ONE, join());
    run(ONE, publish("a"));
    run(ONE, new Command.Assert(false, null, null, null));
    now += KEEP.historyTtl().plus(Backplane.POSITION_MARGIN).toMillis();
    assertThat(needsSweep()).isTrue();
    assertThat(state().isExpired(now)).isFalse();
    now += 1;
    assertThat(state().isExpired(now)).isTrue();
  }

  @Test
  void readerOfAnUnusedStreamKeepsItsPositionAlive() {
    run(ONE, publish("a"));
    now += Backplane.POSITION_MARGIN.toMillis();
    var turn = new Turn(state, owner());
    assertThat(turn.read(KEEP, HistoryQuery.positionOnly()).top().offset()).isEqualTo(1);
    now += Backplane.POSITION_MARGIN.toMillis();
    assertThat(state().isExpired(now)).isFalse();
  }

  @Test
  void joinedStreamNeverExpires() {
    run(ONE, join());
    now += Duration.ofDays(365).toMillis();
    assertThat(state().isExpired(now)).isFalse();
  }

  @Test
  void historyStaysWithinItsBytes() {
    for (int i = 0; i < 10; i++) {
      var request =
          PublishRequest.of(
              "", Payload.of(new byte[300_000]), new StreamPolicy(100, KEEP.historyTtl()));
      run(ONE, new Command.Publish(request));
    }
    var turn = new Turn(state, owner());
    var page = turn.read(KEEP, new HistoryQuery(null, HistoryQuery.ALL, false));
    assertThat(page.publications()).hasSize(3);
    assertThat(page.top().offset()).isEqualTo(10);
  }

  @Test
  void assertionPutsBackWhatAPromotedCopyLacksAndRemovesWhatTheNodeDoesNotHold() {
    run(ONE, join());
    run(ONE, new Command.Add(client("ghost"), true));
    Answer answer =
        run(
            ONE,
            new Command.Assert(
                true, KEEP, null, Map.of("real", new Command.Entry(client("real"), true))));
    assertThat(state().members()).containsOnlyKeys("real");
    assertThat(answer.outcomes().get(0))
        .isInstanceOfSatisfying(
            Outcome.Standing.class,
            standing ->
                assertThat(standing.moves())
                    .extracting(Event.Moved::in)
                    .containsExactly(false, true));
  }

  @Test
  void comparisonThatFindsNothingNewChangesNothing() {
    run(ONE, join());
    var since = new Place(state().epoch(), 0, 0);
    var turn = new Turn(state, owner());
    Batch compare =
        new Batch(
            ONE, ++number, false, List.of(), List.of(new Command.Assert(true, KEEP, since, null)));
    assertThat(turn.run(compare).verdict()).isEqualTo(Answer.Verdict.DONE);
    assertThat(turn.change()).isNull();
    assertThat(turn.answersOldNews()).isFalse();
  }

  @Test
  void knownKeyIsAnsweredOnlyOnceTheBackupsHaveTheWholeState() {
    run(ONE, keyed());
    var turn = new Turn(state, owner());
    Answer answer = turn.run(new Batch(TWO, ++number, false, List.of(), List.of(keyed())));
    assertThat(answer.outcomes().get(0)).isEqualTo(new Outcome.Duplicate(1));
    assertThat(turn.answersOldNews()).isTrue();
  }

  @CanIgnoreReturnValue
  private Answer run(UUID sender, Command command) {
    var turn = new Turn(state, owner());
    Answer answer = turn.run(new Batch(sender, ++number, false, List.of(), List.of(command)));
    assertThat(answer.verdict()).isEqualTo(Answer.Verdict.DONE);
    state = turn.state();
    return answer;
  }

  private Answer sweep() {
    return new Turn(state(), owner()).sweep();
  }

  private boolean needsSweep() {
    return Turn.needsSweep(state(), owner());
  }

  private ChannelState state() {
    return requireNonNull(state, "state");
  }

  private Owner owner() {
    return new Owner(now, 1, 1_000, () -> "e", members::contains);
  }

  private static int leaves(Answer answer) {
    return ((Outcome.Moves) answer.outcomes().get(0)).events().size();
  }

  private static Command join() {
    return new Command.Assert(true, KEEP, null, null);
  }

  private static Command publish(String text) {
    return new Command.Publish(PublishRequest.of("", Payload.utf8(text), KEEP));
  }

  private static Command keyed() {
    return new Command.Publish(
        new PublishRequest("", Payload.utf8("a"), KEEP, null, Map.of(), "key"));
  }

  private static ClientInfo client(String id) {
    return new ClientInfo(id, "", null, null);
  }
}
