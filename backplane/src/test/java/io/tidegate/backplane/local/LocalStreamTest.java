package io.tidegate.backplane.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LocalStreamTest {
  private static final Duration TTL = Duration.ofMinutes(1);
  private static final StreamPolicy KEEP = new StreamPolicy(1_000, TTL);

  private final LocalStream stream = new LocalStream("e");

  @Property(tries = 500)
  void pageWithVerdictContinuousHasNoHoleAfterThePosition(
      @ForAll @IntRange(max = 30) int published,
      @ForAll @IntRange(max = 10) int size,
      @ForAll @IntRange(max = 35) int since,
      @ForAll @IntRange(min = -1, max = 12) int limit,
      @ForAll boolean reverse) {
    var policy = new StreamPolicy(size, TTL);
    LocalStream stream = new LocalStream("e");
    for (int i = 0; i < published; i++) {
      append(stream, policy, null, 0);
    }
    var query = new HistoryQuery(new StreamPosition("e", since), limit, reverse);
    HistoryPage page = stream.read(policy, query, 0);
    List<Long> offsets = page.publications().stream().map(Publication::offset).toList();

    int oldest = Math.max(1, published - size + 1);
    long next = reverse ? since - 1L : since + 1L;
    boolean nothingThere = next < 1 || next > published;
    Continuity expected =
        since > published
            ? Continuity.FOREIGN
            : nothingThere || next >= oldest ? Continuity.CONTINUOUS : Continuity.TRIMMED;
    assertThat(page.continuity()).isEqualTo(expected);
    for (int i = 1; i < offsets.size(); i++) {
      assertThat(offsets.get(i) - offsets.get(i - 1)).isEqualTo(reverse ? -1 : 1);
    }
    if (expected == Continuity.CONTINUOUS && !offsets.isEmpty()) {
      assertThat(offsets.get(0)).isEqualTo(next);
    }
    if (expected == Continuity.CONTINUOUS && !nothingThere && limit != 0) {
      assertThat(offsets).isNotEmpty();
    }
    if (limit != HistoryQuery.ALL) {
      assertThat(offsets).hasSizeLessThanOrEqualTo(limit);
    }
  }

  @Test
  void eachPublicationExpiresByItsOwnAge() {
    append(stream, KEEP, null, 0);
    append(stream, KEEP, null, seconds(30));
    append(stream, KEEP, null, seconds(45));
    assertThat(keptAt(seconds(60) - 1)).containsExactly(1L, 2L, 3L);
    assertThat(keptAt(seconds(60))).containsExactly(2L, 3L);
    assertThat(keptAt(seconds(90))).containsExactly(3L);
    assertThat(keptAt(seconds(105))).isEmpty();
    assertThat(stream.top()).isEqualTo(new StreamPosition("e", 3));
  }

  @Test
  void agesSurviveAnOverflowOfTheClock() {
    long start = Long.MAX_VALUE - 5;
    append(stream, KEEP, null, start);
    assertThat(keptAt(start + seconds(59))).containsExactly(1L);
    assertThat(keptAt(start + seconds(60))).isEmpty();
  }

  @Test
  void keyIsForgottenAfterItsWindow() {
    append(stream, KEEP, "k", 0);
    long window = Backplane.IDEMPOTENCY_WINDOW.toNanos();
    assertThat(stream.known("k", window - 1)).isEqualTo(new StreamPosition("e", 1));
    assertThat(stream.known("k", window)).isNull();
  }

  @Test
  void oldestKeyGivesWayToTooManyNewOnes() {
    for (int i = 0; i <= Backplane.IDEMPOTENCY_KEYS; i++) {
      append(stream, KEEP, "k" + i, 0);
    }
    assertThat(stream.known("k0", 0)).isNull();
    assertThat(stream.known("k1", 0)).isEqualTo(new StreamPosition("e", 2));
  }

  private List<Long> keptAt(long nowNanos) {
    return stream
        .read(KEEP, new HistoryQuery(null, HistoryQuery.ALL, false), nowNanos)
        .publications()
        .stream()
        .map(Publication::offset)
        .toList();
  }

  private static void append(
      LocalStream stream, StreamPolicy policy, @Nullable String key, long nowNanos) {
    var request = new PublishRequest("c", Payload.EMPTY, policy, null, Map.of(), key);
    assertThat(stream.append(request, 1, nowNanos).timeMillis()).isEqualTo(1);
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
