package io.tidegate.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private final Ledger ledger = new Ledger(2);

  @Test
  void countsEachNumberOnce() {
    for (int number = 0; number < 5_000; number++) {
      assertThat(ledger.enter(0, number, number + 1)).isTrue();
    }
    assertThat(ledger.enter(0, 4_999, 5_000)).isFalse();
    assertThat(ledger.enter(0, 4_000, 4_001)).isFalse();
    assertThat(ledger.received(0)).isEqualTo(5_000);
    assertThat(ledger.duplicates()).isEqualTo(2);
    assertThat(ledger.disorder()).isZero();
  }

  @Test
  void publishersAreCountedApart() {
    assertThat(ledger.enter(0, 5, -1)).isTrue();
    assertThat(ledger.enter(1, 0, -1)).isTrue();
    assertThat(ledger.enter(1, 5, -1)).isTrue();
    assertThat(ledger.received(1)).isEqualTo(2);
    assertThat(ledger.disorder()).isZero();
  }

  @Test
  void aNumberThatComesLateIsOutOfOrder() {
    assertThat(ledger.enter(0, 1, -1)).isTrue();
    assertThat(ledger.enter(0, 0, -1)).isTrue();
    assertThat(ledger.disorder()).isEqualTo(1);
    assertThat(ledger.duplicates()).isZero();
  }

  @Test
  void anOffsetThatGoesBackIsOutOfOrder() {
    assertThat(ledger.enter(0, 0, 3)).isTrue();
    assertThat(ledger.enter(1, 0, 2)).isTrue();
    assertThat(ledger.disorder()).isEqualTo(1);
  }

  @Test
  void aHoleThatIsFilledVeryLateIsNoDuplicate() {
    for (int number = 1; number < 500; number++) {
      assertThat(ledger.enter(0, number, -1)).isTrue();
    }
    assertThat(ledger.enter(0, 0, -1)).isTrue();
    assertThat(ledger.enter(0, 0, -1)).isFalse();
    assertThat(ledger.disorder()).isEqualTo(1);
    assertThat(ledger.duplicates()).isEqualTo(1);
  }

  @Property(tries = 200)
  void agreesWithASetWithinTheWindow(
      @ForAll @Size(max = 300) List<@IntRange(max = Ledger.WINDOW - 1) Integer> numbers) {
    var counted = new Ledger(1);
    var seen = new HashSet<Integer>();
    for (int number : numbers) {
      assertThat(counted.enter(0, number, -1)).isEqualTo(seen.add(number));
    }
    assertThat(counted.received(0)).isEqualTo(seen.size());
    assertThat(counted.duplicates()).isEqualTo(numbers.size() - seen.size());
  }
}
