package io.tidegate.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTest {
  @Test
  void isBoundedAndKeepsThePeaks() {
    var timeline = new Timeline();
    for (int second = 1; second <= 10 * Timeline.POINTS; second++) {
      double latency = second == 777 ? 99 : 1;
      timeline.add(
          new Timeline.Point(second, 10, latency, latency, latency, List.of(0.5), List.of(7L)));
    }
    List<Timeline.Point> points = timeline.points();
    assertThat(points).hasSizeLessThan(Timeline.POINTS);
    assertThat(points).extracting(Timeline.Point::p99).contains(99.0);
    assertThat(points).allSatisfy(point -> assertThat(point.events()).isEqualTo(10));
    assertThat(points).isSortedAccordingTo((a, b) -> Double.compare(a.second(), b.second()));
    assertThat(points.get(points.size() - 1).second()).isGreaterThan(9.9 * Timeline.POINTS);
  }

  @Test
  void failuresAreToldApartUpToABound() {
    var failures = new Failures();
    for (int i = 0; i < 100; i++) {
      failures.add("kind " + i);
    }
    assertThat(failures.kinds()).hasSize(Failures.KINDS + 1).containsEntry(Failures.OTHER, 70L);
    assertThat(failures.total()).isEqualTo(100);
  }
}
