package io.tidegate.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** When refusals are enough. */
final class ViolationsTest {
  private static final long SECOND = 1_000_000_000L;

  @Property
  void closesForRefusalsOfTheLastTenSecondsAndForNoneOlder(
      @ForAll @IntRange(min = 1, max = 20) int most,
      @ForAll long start,
      @ForAll @Size(max = 100) List<@LongRange(min = 0, max = 3 * SECOND) Long> pauses) {
    var violations = new Violations(most, start);
    var times = new ArrayList<Long>();
    long elapsed = 0;
    for (long pause : pauses) {
      elapsed += pause;
      times.add(elapsed);
      boolean enough = violations.add(start + elapsed);
      if (within(times, elapsed, 9) >= most) {
        assertThat(enough).isTrue();
      }
      if (within(times, elapsed, 10) < most) {
        assertThat(enough).isFalse();
      }
    }
  }

  @Test
  void countsAfterALongSilenceFromZero() {
    var violations = new Violations(2, 0);
    assertThat(violations.add(0)).isFalse();
    assertThat(violations.add(1_000_000 * SECOND)).isFalse();
    assertThat(violations.add(1_000_009 * SECOND)).isTrue();
  }

  @Test
  void hugeBoundsDoNotOverflow() {
    var violations = new Violations(Integer.MAX_VALUE, 0);
    for (int i = 0; i < 1000; i++) {
      assertThat(violations.add(i * SECOND / 10)).isFalse();
    }
  }

  private static long within(List<Long> times, long now, int seconds) {
    return times.stream().filter(time -> now - time <= seconds * SECOND).count();
  }
}
