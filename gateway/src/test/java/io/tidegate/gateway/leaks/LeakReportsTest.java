package io.tidegate.gateway.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import org.junit.jupiter.api.Test;

final class LeakReportsTest {
  private final LeakReports reports = new LeakReports();
  private final ResourceLeakDetector<Planted> detector =
      reports.newResourceLeakDetector(Planted.class);

  @Test
  void whatNobodyReleasedIsReportedWithTheTestThatMadeIt() throws Exception {
    reports.running("the culprit");
    leak();
    reports.running("another");

    assertThat(reports.collect()).singleElement().asString().contains("Planted", "the culprit");
  }

  @Test
  void whatWasReleasedIsNot() throws Exception {
    var resource = new Planted();
    ResourceLeakTracker<Planted> tracker = detector.trackForcibly(resource);
    assertThat(tracker.close(resource)).isTrue();

    assertThat(reports.collect()).isEmpty();
  }

  private void leak() {
    ResourceLeakTracker<Planted> tracker = detector.trackForcibly(new Planted());
    tracker.record();
  }

  private static final class Planted {}
}
