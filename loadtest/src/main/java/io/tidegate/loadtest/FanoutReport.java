package io.tidegate.loadtest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run. Loss, duplicates and order are of the whole run; rates, latency and CPU of
 * what came after the warm-up.
 *
 * @param lost deliveries that acknowledged publications should have made and did not
 * @param outOfOrder null where subscriptions had no offsets to judge by
 * @param serverCpuSeconds null where no process was named
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FanoutReport(
    int subscribers,
    double rate,
    int payloadBytes,
    double seconds,
    long acknowledged,
    long failed,
    @Nullable String firstFailure,
    long deliveries,
    double deliveriesPerSecond,
    double bytesPerDelivery,
    long lost,
    long duplicates,
    @Nullable Long outOfOrder,
    int connectionsLost,
    List<String> lostBecause,
    LatencyMillis latencyMillis,
    @Nullable Double serverCpuSeconds,
    @Nullable Double serverCpuSecondsPerMillion,
    double ownCpuSecondsPerMillion) {

  /** From when a publication was due to when a subscriber had read it. */
  record LatencyMillis(double p50, double p90, double p99, double p999, double max) {
    static LatencyMillis of(Histogram nanos) {
      return new LatencyMillis(
          nanos.getValueAtPercentile(50) / 1e6,
          nanos.getValueAtPercentile(90) / 1e6,
          nanos.getValueAtPercentile(99) / 1e6,
          nanos.getValueAtPercentile(99.9) / 1e6,
          nanos.getMaxValue() / 1e6);
    }
  }

  /** Whether everything arrived everywhere, once and in order. */
  boolean clean() {
    return failed == 0
        && lost == 0
        && duplicates == 0
        && (outOfOrder == null || outOfOrder == 0)
        && connectionsLost == 0;
  }

  String text() {
    var text = new StringBuilder();
    line(text, "subscribers", "%d", subscribers);
    line(text, "publications", "%d acknowledged, %d failed", acknowledged, failed);
    if (firstFailure != null) {
      line(text, "first failure", "%s", firstFailure);
    }
    line(text, "deliveries", "%d in %.1f s, %.0f/s", deliveries, seconds, deliveriesPerSecond);
    line(text, "bytes each", "%.1f (payload of the frame)", bytesPerDelivery);
    line(text, "lost", "%d%s", lost, failed > 0 ? " (uncertain: publications failed)" : "");
    line(text, "duplicates", "%d", duplicates);
    line(text, "out of order", "%s", outOfOrder == null ? "not measured: no offsets" : outOfOrder);
    line(text, "connections lost", "%d %s", connectionsLost, String.join("; ", lostBecause));
    LatencyMillis ms = latencyMillis;
    line(
        text,
        "latency in ms",
        "p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.2f",
        ms.p50,
        ms.p90,
        ms.p99,
        ms.p999,
        ms.max);
    if (serverCpuSeconds != null && serverCpuSecondsPerMillion != null) {
      line(
          text,
          "CPU of the server",
          "%.2f s, %.2f s per million deliveries",
          serverCpuSeconds,
          serverCpuSecondsPerMillion);
    }
    line(text, "CPU of the tester", "%.2f s per million deliveries", ownCpuSecondsPerMillion);
    return text.toString();
  }

  void write(Path file) throws IOException {
    new ObjectMapper()
        .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), this);
  }

  private static void line(StringBuilder text, String name, String format, Object... values) {
    text.append(String.format(Locale.ROOT, "%-18s", name));
    text.append(String.format(Locale.ROOT, format, values).strip()).append('\n');
  }
}
