package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.session.TimerWheel.Timer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class TimerWheelTest {
  private static final long TICK_MILLIS = 50;
  private static final long TICK = TICK_MILLIS * 1_000_000;
  private static final int TIMERS = 5;

  private long now = Long.MAX_VALUE - 7; // The clock may overflow.
  private final TimerWheel wheel = new TimerWheel(TICK_MILLIS, () -> now);

  private enum Kind {
    SCHEDULE,
    CANCEL,
    ADVANCE
  }

  private record Step(Kind kind, int timer, long millis) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Long> millis =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 200),
            Arbitraries.longs().between(0, 512 * TICK_MILLIS + 100),
            Arbitraries.longs().between(0, 3 * 512 * TICK_MILLIS));
    return Combinators.combine(
            Arbitraries.of(Kind.class), Arbitraries.integers().between(0, TIMERS - 1), millis)
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  /** The model: a timer's deadline; at an advance what is due by the last whole tick fires. */
  @Property
  void firesLikeASortedListOfDeadlines(@ForAll("steps") List<Step> steps) {
    // Tries of one property share the fields.
    var wheel = new TimerWheel(TICK_MILLIS, () -> now);
    var fired = new TreeSet<Integer>();
    Timer[] timers = new Timer[TIMERS];
    Arrays.setAll(timers, i -> TimerWheel.timer(() -> assertThat(fired.add(i)).isTrue()));
    var deadlines = new TreeMap<Integer, Long>();
    long elapsed = 0;
    for (Step step : steps) {
      switch (step.kind) {
        case SCHEDULE -> {
          wheel.schedule(timers[step.timer], step.millis);
          deadlines.put(step.timer, elapsed + step.millis * 1_000_000);
        }
        case CANCEL -> {
          wheel.cancel(timers[step.timer]);
          deadlines.remove(step.timer);
        }
        case ADVANCE -> {
          long tickBefore = elapsed / TICK;
          elapsed += step.millis * 1_000_000;
          now += step.millis * 1_000_000;
          wheel.advance();
          var due = new TreeSet<Integer>();
          long tick = elapsed / TICK;
          if (tick > tickBefore) {
            deadlines.forEach((timer, at) -> addIf(due, timer, at <= tick * TICK));
          }
          assertThat(fired).isEqualTo(due);
          due.forEach(deadlines::remove);
          fired.clear();
        }
      }
      for (int i = 0; i < TIMERS; i++) {
        assertThat(timers[i].scheduled()).isEqualTo(deadlines.containsKey(i));
      }
    }
  }

  @Test
  void timerThatFailsTakesNoOtherAlong() {
    List<String> fired = new ArrayList<>();
    wheel.schedule(TimerWheel.timer(() -> fired.add("before")), 10);
    wheel.schedule(
        TimerWheel.timer(
            () -> {
              throw new IllegalStateException("as intended");
            }),
        10);
    wheel.schedule(
        TimerWheel.timer(
            () -> {
              throw new OutOfMemoryError("as intended");
            }),
        10);
    wheel.schedule(TimerWheel.timer(() -> fired.add("after")), 10);
    wheel.schedule(TimerWheel.timer(() -> fired.add("later")), 100);
    pass(200);
    assertThat(fired).containsExactly("before", "after", "later");
  }

  @Test
  void actionMayScheduleItselfAndCancelItsNeighbour() {
    List<String> fired = new ArrayList<>();
    var neighbour = TimerWheel.timer(() -> fired.add("neighbour"));
    Timer[] self = new Timer[1];
    self[0] =
        TimerWheel.timer(
            () -> {
              fired.add("self");
              wheel.cancel(neighbour);
              wheel.schedule(self[0], 0);
            });
    wheel.schedule(self[0], 10);
    wheel.schedule(neighbour, 10);
    pass(60);
    assertThat(fired).containsExactly("self");
    pass(60);
    assertThat(fired).containsExactly("self", "self");
  }

  @Test
  void endlessDelayNeverFires() {
    var timer =
        TimerWheel.timer(
            () -> {
              throw new AssertionError("fired");
            });
    wheel.schedule(timer, Long.MAX_VALUE);
    pass(100_000);
    assertThat(timer.scheduled()).isTrue();
  }

  private static void addIf(Set<Integer> due, int timer, boolean is) {
    if (is) {
      due.add(timer);
    }
  }

  private void pass(long millis) {
    now += millis * 1_000_000;
    wheel.advance();
  }
}
