package io.tidegate.loadtest.report;

import io.tidegate.loadtest.measure.Latency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a run must keep to be good. A limit that cannot be judged, because nothing was measured, is
 * missed.
 *
 * @param latencies of latency; null ones are not asked for
 * @param minRate deliveries, or connections, per second
 * @param maxMemory bytes of the servers per connection
 */
public record Thresholds(
    Latencies latencies,
    long maxLoss,
    long maxDuplicates,
    long maxDisorder,
    long maxDisconnects,
    long maxErrors,
    @Nullable Double minRate,
    @Nullable Long maxMemory) {

  public record Latencies(
      @Nullable Duration p50,
      @Nullable Duration p99,
      @Nullable Duration p999,
      @Nullable Duration max) {}

  public List<Report.Check> judge(Report report) {
    var checks = new ArrayList<Report.Check>();
    checks.add(atMost("--max-disconnects", maxDisconnects, report.connections().lost()));
    checks.add(atMost("--max-errors", maxErrors, errors(report)));
    if (report.deliveries() != null) {
      var deliveries = report.deliveries();
      checks.add(atMost("--max-loss", maxLoss, deliveries.lost()));
      checks.add(atMost("--max-duplicates", maxDuplicates, deliveries.duplicates()));
      checks.add(atMost("--max-disorder", maxDisorder, deliveries.disorder()));
      checks.add(atMost("misdelivered", 0, deliveries.misdelivered()));
      checks.add(something("deliveries measured", deliveries.measured()));
    } else {
      checks.add(something("connections opened", report.connections().opened()));
    }
    latency(checks, report.latencyMillis(), "--max-p50", latencies.p50, Latency::p50);
    latency(checks, report.latencyMillis(), "--max-p99", latencies.p99, Latency::p99);
    latency(checks, report.latencyMillis(), "--max-p999", latencies.p999, Latency::p999);
    latency(checks, report.latencyMillis(), "--max-latency", latencies.max, Latency::max);
    if (minRate != null) {
      double rate =
          report.deliveries() == null
              ? report.connections().perSecond()
              : report.deliveries().perSecond();
      checks.add(
          new Report.Check(
              "--min-rate", "at least " + minRate + "/s", number(rate) + "/s", rate >= minRate));
    }
    if (maxMemory != null) {
      Double bytes = report.cost().serverBytesPerConnection();
      checks.add(
          new Report.Check(
              "--max-memory",
              "at most " + maxMemory + " bytes",
              bytes == null ? "nothing: no --pid" : number(bytes) + " bytes",
              bytes != null && bytes <= maxMemory));
    }
    return checks;
  }

  private static long errors(Report report) {
    var publications = report.publications();
    long unpublished = publications == null ? 0 : publications.failed() + publications.unsent();
    return unpublished + report.connections().failed();
  }

  private static Report.Check atMost(String name, long allowed, long measured) {
    return new Report.Check(
        name, "at most " + allowed, Long.toString(measured), measured <= allowed);
  }

  private static Report.Check something(String name, long measured) {
    return new Report.Check(name, "at least 1", Long.toString(measured), measured > 0);
  }

  private static void latency(
      List<Report.Check> checks,
      @Nullable Latency latency,
      String name,
      @Nullable Duration allowed,
      ToDoubleFunction<Latency> value) {
    if (allowed == null) {
      return;
    }
    double millis = allowed.toNanos() / 1e6;
    boolean met = latency != null && value.applyAsDouble(latency) <= millis;
    String measured = latency == null ? "nothing" : number(value.applyAsDouble(latency)) + " ms";
    checks.add(new Report.Check(name, "at most " + number(millis) + " ms", measured, met));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
