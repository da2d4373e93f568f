package io.tidegate.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What a bucket lets through. */
final class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @Property
  void neverMoreThanBurstAndRateTimesTimePasses(
      @ForAll @LongRange(min = 1, max = 1_000) long rate,
      @ForAll @LongRange(min = 1, max = 100) long burst,
      @ForAll long start,
      @ForAll @Size(max = 200) List<@LongRange(min = 0, max = SECOND) Long> pauses,
      @ForAll @IntRange(min = 1, max = 50) int tokens) {
    var bucket = new TokenBucket(new Rate(rate, burst), start);
    long elapsed = 0;
    long taken = 0;
    for (long pause : pauses) {
      elapsed += pause;
      if (bucket.tryTake(tokens, start + elapsed)) {
        taken += tokens;
      }
      BigInteger most =
          BigInteger.valueOf(burst)
              .multiply(BigInteger.valueOf(SECOND))
              .add(BigInteger.valueOf(rate).multiply(BigInteger.valueOf(elapsed)));
      assertThat(BigInteger.valueOf(taken).multiply(BigInteger.valueOf(SECOND)))
          .isLessThanOrEqualTo(most);
    }
  }

  @Property
  void whoKeepsToTheRateIsNeverRefused(
      @ForAll @LongRange(min = 1, max = 1_000_000) long rate,
      @ForAll long start,
      @ForAll @IntRange(min = 1, max = 500) int calls) {
    // A second token, since no nanosecond may fall onto the very moment at which the first is back.
    var bucket = new TokenBucket(new Rate(rate, 2), start);
    for (long i = 0; i < calls; i++) {
      assertThat(bucket.tryTake(1, start + (i * SECOND + rate - 1) / rate)).isTrue();
    }
  }

  @Property
  void callsThatAreRefusedCostNothing(
      @ForAll @LongRange(min = 1, max = 1_000) long rate,
      @ForAll @IntRange(min = 1, max = 300) int polls) {
    var bucket = new TokenBucket(new Rate(rate, 1), 0);
    assertThat(bucket.tryTake(1, 0)).isTrue();
    long due = (SECOND + rate - 1) / rate;
    for (long i = 1; i <= polls; i++) {
      assertThat(bucket.tryTake(1, Math.min(due - 1, i * 3))).isFalse();
    }
    assertThat(bucket.tryTake(1, due)).isTrue();
  }

  @Property
  void extremesDoNotOverflow(
      @ForAll @LongRange(min = 1, max = Rate.MAX_BURST) long rate,
      @ForAll @LongRange(min = 1, max = Rate.MAX_BURST) long burst,
      @ForAll long start,
      @ForAll @LongRange(min = 0) long pause) {
    var bucket = new TokenBucket(new Rate(rate, burst), start);
    assertThat(bucket.tryTake(burst, start)).isTrue();
    boolean full = bucket.tryTake(burst, start + pause);
    BigInteger back = BigInteger.valueOf(rate).multiply(BigInteger.valueOf(pause));
    BigInteger needed = BigInteger.valueOf(burst).multiply(BigInteger.valueOf(SECOND));
    assertThat(full).isEqualTo(back.compareTo(needed) >= 0);
  }

  @Test
  void aboveTheBurstNothingIsTaken() {
    var bucket = new TokenBucket(new Rate(10, 5), 0);
    assertThat(bucket.tryTake(6, 0)).isFalse();
    assertThat(bucket.tryTake(5, 0)).isTrue();
    assertThat(bucket.tryTake(6, 100 * SECOND)).isFalse();
    assertThat(bucket.tryTake(Long.MAX_VALUE, 100 * SECOND)).isFalse();
    assertThat(bucket.tryTake(0, 0)).isTrue();
  }

  @Test
  void timeThatGoesBackGivesNothing() {
    var bucket = new TokenBucket(new Rate(1, 1), 10 * SECOND);
    assertThat(bucket.tryTake(1, 10 * SECOND)).isTrue();
    assertThat(bucket.tryTake(1, 0)).isFalse();
    assertThat(bucket.tryTake(1, 10 * SECOND)).isFalse();
    assertThat(bucket.tryTake(1, 11 * SECOND)).isTrue();
  }

  @Test
  void rateOfZeroIsNoLimit() {
    var bucket = new TokenBucket(new Rate(0, 0), 0);
    for (int i = 0; i < 100; i++) {
      assertThat(bucket.tryTake(Long.MAX_VALUE, 0)).isTrue();
    }
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> assertThat(new TokenBucket(new Rate(-1, 1), 0)).isNull())
        .hasMessageStartingWith("perSecond: -1 (expected: 0 to ");
    assertThatThrownBy(() -> assertThat(new TokenBucket(new Rate(1, 0), 0)).isNull())
        .hasMessageStartingWith("burst: 0 (expected: 1 to ");
    assertThatThrownBy(() -> assertThat(new TokenBucket(new Rate(1, Long.MAX_VALUE), 0)).isNull())
        .hasMessageStartingWith("burst: ");
    assertThatThrownBy(() -> assertThat(new TokenBucket(new Rate(1, 1), 0).tryTake(-1, 0)).isTrue())
        .hasMessageStartingWith("tokens: -1 (expected: >= 0)");
  }
}
