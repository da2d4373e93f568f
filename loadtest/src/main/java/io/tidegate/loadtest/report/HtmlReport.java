package io.tidegate.loadtest.report;

import static io.tidegate.loadtest.report.Html.escape;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.loadtest.measure.Latency;
import io.tidegate.loadtest.measure.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A report as one page that needs nothing else. Confined to the thread that makes it. */
public final class HtmlReport {
  private static final double[] PERCENTILES = {0, 50, 90, 99, 99.9, 99.99, 99.999};

  private final Report report;
  private final StringBuilder page = new StringBuilder();

  private HtmlReport(Report report) {
    this.report = report;
  }

  public static String of(Report report) throws IOException {
    return new HtmlReport(report).page();
  }

  private String page() throws IOException {
    String title = "Tidegate load test: " + report.scenario();
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    page.append("<title>").append(escape(title)).append("</title><style>\n");
    page.append(style()).append("</style></head><body><main>\n<header><h1>");
    page.append(escape(title)).append("</h1><p>").append(escape(report.startedAt()));
    page.append(report.interrupted() ? ", interrupted" : "").append("</p>");
    String verdict = report.good() ? "good" : "missed";
    page.append("<strong class=\"").append(verdict).append("\">");
    page.append(report.good() ? "✓ all thresholds met" : "✗ thresholds missed");
    page.append("</strong></header>\n");
    figures();
    page.append("<div class=\"plots\">\n");
    plots();
    page.append("</div>\n<div class=\"tables\">\n");
    checks();
    failures();
    settings();
    return page.append("</div></main></body></html>\n").toString();
  }

  private static String style() throws IOException {
    try (InputStream file = HtmlReport.class.getResourceAsStream("report.css")) {
      if (file == null) {
        throw new IOException("report.css: not in the jar");
      }
      return new String(file.readAllBytes(), UTF_8);
    }
  }

  private void figures() {
    page.append("<section class=\"figures\">");
    var deliveries = report.deliveries();
    if (deliveries != null) {
      figure("deliveries per second", "%,.0f", deliveries.perSecond(), "");
      figure("lost", "%,d", deliveries.lost(), "");
      figure("duplicates", "%,d", deliveries.duplicates(), "");
      figure("out of order", "%,d", deliveries.disorder(), "");
    } else {
      figure("connections", "%,d", report.connections().opened(), "");
      figure("opened per second", "%,.0f", report.connections().perSecond(), "");
      figure("failed", "%,d", report.connections().failed(), "");
    }
    figure("disconnects", "%,d", report.connections().lost(), "");
    Latency latency = report.latencyMillis();
    if (latency != null) {
      figure("latency p50", "%,.2f", latency.p50(), "ms");
      figure("latency p99", "%,.2f", latency.p99(), "ms");
      figure("latency max", "%,.2f", latency.max(), "ms");
    }
    Latency handshake = report.handshakeMillis();
    if (handshake != null) {
      figure("handshake p99", "%,.2f", handshake.p99(), "ms");
    }
    Report.Pings pings = report.pings();
    if (pings != null) {
      figure("pings per second", "%,.1f", pings.perSecond(), "");
    }
    Report.Cost cost = report.cost();
    if (cost.serverBytesPerConnection() != null) {
      figure(
          "server memory per connection", "%,.1f", cost.serverBytesPerConnection() / 1024, "KiB");
    }
    if (cost.serverHeapPerConnection() != null) {
      figure("server heap per connection", "%,.2f", cost.serverHeapPerConnection() / 1024, "KiB");
    }
    if (cost.serverCpuPerUnit() != null) {
      figure("server CPU per " + cost.unit(), "%,.2f", cost.serverCpuPerUnit(), "s");
    }
    if (cost.testerCpuPerUnit() != null) {
      figure("tester CPU per " + cost.unit(), "%,.2f", cost.testerCpuPerUnit(), "s");
    }
    page.append("</section>\n");
  }

  private void figure(String name, String format, Number value, String unit) {
    page.append("<div><b>").append(String.format(Locale.ROOT, format, value));
    page.append("<small> ").append(unit).append("</small></b><span>");
    page.append(escape(name)).append("</span></div>");
  }

  private void plots() {
    var curves = new ArrayList<Plot.Line>();
    curve(curves, report.handshakeMillis(), "handshake");
    curve(curves, report.latencyMillis(), report.deliveries() == null ? "connect" : "delivery");
    if (!curves.isEmpty()) {
      var ticks = new ArrayList<Plot.Tick>();
      double end =
          curves.stream().mapToDouble(line -> line.xs().get(line.xs().size() - 1)).max().orElse(1);
      for (double percentile : PERCENTILES) {
        if (place(percentile) <= end) {
          ticks.add(new Plot.Tick(place(percentile), "p" + trimmed(percentile)));
        }
      }
      page.append(
          new Plot("Latency by percentile", "ms, logarithmic", curves, ticks, 0, end, true).svg());
    }
    List<Timeline.Point> points = report.timeline();
    if (points.isEmpty()) {
      return;
    }
    if (!curves.isEmpty()) {
      time(
          "Latency over time",
          "ms, logarithmic",
          true,
          List.of(
              line("p50", Timeline.Point::p50),
              line("p99", Timeline.Point::p99),
              line("max", Timeline.Point::max)));
    }
    String counted =
        report.deliveries() != null
            ? "Deliveries"
            : report.pings() != null ? "Pings" : "Connections";
    time(
        counted + " over time",
        "per second",
        false,
        List.of(line(counted, Timeline.Point::events)));
    var cpu = new ArrayList<Plot.Line>();
    var rss = new ArrayList<Plot.Line>();
    List<Report.Measured> servers = report.cost().servers();
    for (int i = 0; i <= servers.size(); i++) {
      int process = i;
      String name = i < servers.size() ? "process " + servers.get(i).pid() : "tester";
      cpu.add(line(name, point -> point.cpu().get(process)));
      rss.add(line(name, point -> point.rss().get(process) / (double) (1 << 20)));
    }
    time("CPU over time", "cores in use", false, cpu);
    time("Memory over time", "MiB resident", false, rss);
  }

  private Plot.Line line(String name, Function<Timeline.Point, @Nullable Double> value) {
    var xs = new ArrayList<Double>();
    var ys = new ArrayList<@Nullable Double>();
    for (Timeline.Point point : report.timeline()) {
      xs.add(point.second());
      ys.add(value.apply(point));
    }
    return new Plot.Line(name, xs, ys);
  }

  private void time(String title, String unit, boolean logarithmic, List<Plot.Line> lines) {
    List<Timeline.Point> points = report.timeline();
    double end = points.get(points.size() - 1).second();
    page.append(Plot.overTime(title, unit, lines, end, logarithmic).svg());
  }

  private static void curve(List<Plot.Line> curves, @Nullable Latency latency, String name) {
    if (latency == null) {
      return;
    }
    // The last step stands for all values, at 100 %, which is infinitely far to the right.
    List<Latency.Step> steps =
        latency.curve().stream().filter(step -> step.percentile() < 100).toList();
    var xs = new ArrayList<Double>();
    var ys = new ArrayList<@Nullable Double>();
    for (Latency.Step step : steps) {
      xs.add(place(step.percentile()));
      ys.add(step.millis());
    }
    if (!xs.isEmpty()) {
      curves.add(new Plot.Line(name, xs, ys));
    }
  }

  /** Each further nine takes the same room. */
  private static double place(double percentile) {
    return -Math.log10(1 - percentile / 100);
  }

  private static String trimmed(double value) {
    return String.format(Locale.ROOT, "%.3f", value).replaceAll("\\.?0+$", "");
  }

  private void checks() {
    page.append("<section><h2>Thresholds</h2><table><tr><th></th><th>threshold</th>");
    page.append("<th>allowed</th><th>measured</th></tr>");
    for (Report.Check check : report.checks()) {
      page.append("<tr><td class=\"").append(check.met() ? "good\">✓" : "missed\">✗");
      cell(check.name());
      cell(check.allowed());
      cell(check.measured());
    }
    page.append("</table></section>\n");
  }

  private void cell(String text) {
    page.append("<td>").append(escape(text));
  }

  private void failures() {
    var publications = report.publications();
    Map<String, Long> unpublished = publications == null ? Map.of() : publications.failures();
    kinds("Connections that failed", report.connections().failures());
    kinds("Connections that ended", report.connections().lostBecause());
    kinds("Publications that failed", unpublished);
  }

  private void kinds(String title, Map<String, Long> kinds) {
    if (kinds.isEmpty()) {
      return;
    }
    page.append("<section><h2>").append(title).append("</h2><table>");
    kinds.forEach(
        (kind, count) -> {
          page.append("<tr>");
          cell(kind);
          cell(Long.toString(count));
        });
    page.append("</table></section>\n");
  }

  private void settings() {
    page.append("<section><h2>Settings</h2><table>");
    report
        .settings()
        .forEach(
            (name, value) -> {
              page.append("<tr>");
              cell(name);
              cell(value);
            });
    page.append("</table></section>\n");
  }
}
