package io.tidegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  @Test
  void spreadsPublicationsEvenly() {
    Schedule schedule = Schedule.of(3, Duration.ofSeconds(2), Duration.ofSeconds(10));
    assertThat(schedule.warmupCount()).isEqualTo(6);
    assertThat(schedule.count()).isEqualTo(36);
    assertThat(schedule.dueNanos(0)).isZero();
    assertThat(schedule.dueNanos(3)).isEqualTo(1_000_000_000);
    assertThat(schedule.measured(5)).isFalse();
    assertThat(schedule.measured(6)).isTrue();
  }

  @Test
  void latencyCountsFromWhenAPublicationWasDue() {
    Schedule schedule = Schedule.of(1_000, Duration.ZERO, Duration.ofSeconds(1));
    var count = new LoopCount(schedule);
    count.start(5_000_000);
    count.publication(10, 5_000_000 + 10_000_000 + 250_000);
    assertThat(count.received()).isEqualTo(1);
    assertThat(count.sinceLast().getMaxValue()).isBetween(249_000L, 251_000L);
    assertThat(count.sinceLast().getTotalCount()).isZero();
  }

  @Test
  void theWarmUpIsReceivedAndNotMeasured() {
    var count = new LoopCount(Schedule.of(10, Duration.ofSeconds(1), Duration.ofSeconds(1)));
    count.publication(9, 1);
    count.publication(10, 2_000_000_000);
    assertThat(count.received()).isEqualTo(2);
    assertThat(count.sinceLast().getTotalCount()).isEqualTo(1);
  }
}
