package io.tidegate.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.loadtest.measure.Latency;
import io.tidegate.loadtest.measure.Timeline;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

final class HtmlReportTest {
  private static final String EVIL = "<script>alert('1')</script>\" onload=\"x";

  @Test
  void textOfOthersIsNoMarkup() throws IOException {
    String page = HtmlReport.of(report(latency()));
    assertThat(page).contains("&lt;script&gt;").doesNotContain("<script", "\" onload");
  }

  @Test
  void plotsAreWellFormedAndHaveTheirLines() throws Exception {
    String page = HtmlReport.of(report(latency()));
    List<String> plots =
        Pattern.compile("<svg.*?</svg>", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(plots).hasSize(5);
    for (String plot : plots) {
      var parsed =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(plot)));
      assertThat(parsed.getElementsByTagName("path").getLength()).isPositive();
      assertThat(plot).doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void thePageNeedsNothingElse() throws IOException {
    assertThat(HtmlReport.of(report(latency()))).doesNotContain("src=", "href=", "url(", "@import");
  }

  @Test
  void aRunThatMeasuredNothingHasAPageAndIsNotGood() throws IOException {
    Report nothing = report(null);
    assertThat(HtmlReport.of(nothing)).contains("thresholds missed");
    assertThat(TextReport.of(nothing)).contains("--max-p99: nothing (allowed: at most 50.000 ms)");
  }

  private static Latency latency() {
    var histogram = new Histogram(3);
    for (int i = 1; i <= 1_000; i++) {
      histogram.recordValue(i * 10_000L);
    }
    return Objects.requireNonNull(Latency.of(histogram));
  }

  private static Report report(@Nullable Latency latency) {
    var process = new Report.Measured(1, 1.5, 1 << 20, 2 << 20, 3 << 20, null, null, false);
    var report =
        new Report(
            "fanout",
            "2026-01-01T00:00:00Z",
            false,
            Map.of("--channel", EVIL),
            10,
            new Report.Connections(2, 2, 100, Map.of(EVIL, 1L), 0, Map.of()),
            null,
            new Report.Deliveries(1_000, 100, 200, 0, 0, 0, true, 0, 0),
            latency,
            null,
            null,
            new Report.Cost(List.of(process), process, "million deliveries", 8.0, 4.0, 2e4, null),
            List.of(
                new Timeline.Point(1, 0, null, null, null, List.of(0.5, 0.1), List.of(1L, 2L)),
                new Timeline.Point(2, 90, 1.0, 2.0, 3.0, List.of(0.5, 0.1), List.of(1L, 2L))),
            List.of());
    var limits = new Thresholds.Latencies(null, Duration.ofMillis(50), null, null);
    return report.with(new Thresholds(limits, 0, 0, 0, 0, 1, null, null).judge(report));
  }
}
