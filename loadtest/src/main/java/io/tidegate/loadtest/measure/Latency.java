package io.tidegate.loadtest.measure;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/**
 * A distribution of durations, in milliseconds.
 *
 * @param curve percentile by percentile, denser towards the end
 */
public record Latency(
    long count,
    double mean,
    double p50,
    double p90,
    double p99,
    double p999,
    double max,
    List<Step> curve) {
  private static final int STEPS_PER_HALF = 4;
  private static final double NANOS = 1e6;

  /** So many percent took at most so long. */
  public record Step(double percentile, double millis) {}

  public Latency {
    curve = List.copyOf(curve);
  }

  /** Null where nothing was measured: a percentile of nothing would look good. */
  public static @Nullable Latency of(Histogram nanos) {
    if (nanos.getTotalCount() == 0) {
      return null;
    }
    var curve = new ArrayList<Step>();
    for (HistogramIterationValue value : nanos.percentiles(STEPS_PER_HALF)) {
      curve.add(new Step(value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / NANOS));
    }
    return new Latency(
        nanos.getTotalCount(),
        nanos.getMean() / NANOS,
        nanos.getValueAtPercentile(50) / NANOS,
        nanos.getValueAtPercentile(90) / NANOS,
        nanos.getValueAtPercentile(99) / NANOS,
        nanos.getValueAtPercentile(99.9) / NANOS,
        nanos.getMaxValue() / NANOS,
        curve);
  }
}
