package io.tidegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void countsEachNumberOnce() {
    for (long number = 0; number < 5_000; number++) {
      assertThat(ledger.enter(number, number + 1)).isTrue();
    }
    assertThat(ledger.enter(4_999, 5_000)).isFalse();
    assertThat(ledger.enter(4_000, 4_001)).isFalse();
    assertThat(ledger.received()).isEqualTo(5_000);
    assertThat(ledger.duplicates()).isEqualTo(2);
  }

  @Test
  void numbersMayComeInAnotherOrderThanOffsets() {
    assertThat(ledger.enter(1, 1)).isTrue();
    assertThat(ledger.enter(0, 2)).isTrue();
    assertThat(ledger.enter(2, 3)).isTrue();
    assertThat(ledger.received()).isEqualTo(3);
    assertThat(ledger.outOfOrder()).isZero();
  }

  @Test
  void anOffsetThatGoesBackIsOutOfOrder() {
    assertThat(ledger.enter(0, 1)).isTrue();
    assertThat(ledger.enter(2, 3)).isTrue();
    assertThat(ledger.enter(1, 2)).isTrue();
    assertThat(ledger.outOfOrder()).isEqualTo(1);
    assertThat(ledger.duplicates()).isZero();
  }

  @Test
  void aJumpBeyondTheWindowForgetsWhatWasBefore() {
    assertThat(ledger.enter(5, -1)).isTrue();
    assertThat(ledger.enter(5 + 3L * Ledger.WINDOW, -1)).isTrue();
    assertThat(ledger.enter(6 + 2L * Ledger.WINDOW, -1)).isTrue();
    assertThat(ledger.enter(5, -1)).isFalse();
  }

  @Property(tries = 200)
  void agreesWithASetWithinTheWindow(
      @ForAll @Size(max = 300) List<@IntRange(max = Ledger.WINDOW - 1) Integer> numbers) {
    var counted = new Ledger();
    var seen = new HashSet<Integer>();
    for (int number : numbers) {
      assertThat(counted.enter(number, -1)).isEqualTo(seen.add(number));
    }
    assertThat(counted.received()).isEqualTo(seen.size());
    assertThat(counted.duplicates()).isEqualTo(numbers.size() - seen.size());
  }
}
