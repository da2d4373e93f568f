package io.tidegate.loadtest.report;

import io.tidegate.loadtest.measure.Latency;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report for the terminal. Confined to the thread that makes it. */
public final class TextReport {
  private final StringBuilder text = new StringBuilder();

  private TextReport() {}

  public static String of(Report report) {
    var page = new TextReport();
    page.add(report);
    return page.text.toString();
  }

  private void add(Report report) {
    var connections = report.connections();
    if (report.interrupted()) {
      line("interrupted", "what follows was measured until then");
    }
    line(
        "connections",
        "%d of %d, %.0f/s%s",
        connections.opened(),
        connections.wanted(),
        connections.perSecond(),
        kinds(connections.failures()));
    line("disconnects", "%d%s", connections.lost(), kinds(connections.lostBecause()));
    if (report.publications() != null) {
      publications(report.publications());
    }
    if (report.deliveries() != null) {
      deliveries(report.deliveries(), report.seconds());
    }
    if (report.pings() != null) {
      var pings = report.pings();
      line(
          "pings",
          "%d, %.1f/s, one per %d s and connection promised",
          pings.received(),
          pings.perSecond(),
          pings.intervalSeconds());
    }
    latency("handshake in ms", report.handshakeMillis());
    latency("latency in ms", report.latencyMillis());
    cost(report.cost());
    for (Report.Check check : report.checks()) {
      if (!check.met()) {
        line("MISSED", "%s: %s (allowed: %s)", check.name(), check.measured(), check.allowed());
      }
    }
  }

  private void publications(Report.Publications publications) {
    line(
        "publications",
        "%d sent, %d acknowledged, %d failed, %d unsent%s",
        publications.sent(),
        publications.acknowledged(),
        publications.failed(),
        publications.unsent(),
        kinds(publications.failures()));
  }

  private void deliveries(Report.Deliveries deliveries, double seconds) {
    line(
        "deliveries",
        "%d in %.1f s, %.0f/s, %.1f bytes each",
        deliveries.measured(),
        seconds,
        deliveries.perSecond(),
        deliveries.bytesEach());
    line("lost", "%d", deliveries.lost());
    line("duplicates", "%d", deliveries.duplicates());
    line(
        "disorder",
        "%d%s",
        deliveries.disorder(),
        deliveries.offsetsChecked() ? "" : " (by sequence only: subscriptions have no offsets)");
    if (deliveries.misdelivered() + deliveries.foreign() > 0) {
      line("misdelivered", "%d", deliveries.misdelivered());
      line("foreign", "%d", deliveries.foreign());
    }
  }

  private void latency(String name, @Nullable Latency ms) {
    if (ms != null) {
      line(
          name,
          "p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.2f",
          ms.p50(),
          ms.p90(),
          ms.p99(),
          ms.p999(),
          ms.max());
    }
  }

  private void cost(Report.Cost cost) {
    for (Report.Measured server : cost.servers()) {
      process("process " + server.pid(), server);
    }
    process("tester", cost.tester());
    perUnit("CPU of the server", cost.serverCpuPerUnit(), cost.unit());
    perUnit("CPU of the tester", cost.testerCpuPerUnit(), cost.unit());
    if (cost.serverBytesPerConnection() != null) {
      line("server's memory", "%.0f bytes per connection", cost.serverBytesPerConnection());
    }
    if (cost.serverHeapPerConnection() != null) {
      line("server's heap", "%.0f bytes per connection", cost.serverHeapPerConnection());
    }
  }

  private void process(String name, Report.Measured process) {
    line(
        name,
        "CPU %.2f s, memory %.1f MiB before, %.1f connected, %.1f at the end%s",
        process.cpuSeconds(),
        mebibytes(process.rssBefore()),
        mebibytes(process.rssConnected()),
        mebibytes(process.rssEnd()),
        process.ended() ? " (it ended during the run)" : "");
  }

  private void perUnit(String name, @Nullable Double seconds, String unit) {
    if (seconds != null) {
      line(name, "%.3f s per %s", seconds, unit);
    }
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }

  static String kinds(Map<String, Long> kinds) {
    return kinds.isEmpty()
        ? ""
        : kinds.entrySet().stream()
            .map(kind -> kind.getValue() + " x " + kind.getKey())
            .collect(Collectors.joining("; ", " (", ")"));
  }

  private void line(String name, String format, Object... values) {
    text.append(String.format(Locale.ROOT, "%-18s", name));
    text.append(String.format(Locale.ROOT, format, values).strip()).append('\n');
  }
}
