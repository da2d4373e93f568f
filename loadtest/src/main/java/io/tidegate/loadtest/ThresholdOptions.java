package io.tidegate.loadtest;

import io.tidegate.loadtest.report.Thresholds;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about what a good run is. Confined to the main thread. */
final class ThresholdOptions {
  @Option(names = "--max-loss", defaultValue = "0", description = "Deliveries that never came.")
  private long loss;

  @Option(names = "--max-duplicates", defaultValue = "0", description = "That came once more.")
  private long duplicates;

  @Option(names = "--max-disorder", defaultValue = "0", description = "That came out of order.")
  private long disorder;

  @Option(
      names = "--max-disconnects",
      defaultValue = "0",
      description = "Connections that ended without being asked to.")
  private long disconnects;

  @Option(
      names = "--max-errors",
      defaultValue = "0",
      description = "Publications that failed or were never sent, and connections that failed.")
  private long errors;

  @Option(names = "--max-p50", converter = DurationConverter.class, description = "Of latency.")
  private @Nullable Duration p50;

  @Option(names = "--max-p99", converter = DurationConverter.class, description = "Of latency.")
  private @Nullable Duration p99;

  @Option(names = "--max-p999", converter = DurationConverter.class, description = "Of latency.")
  private @Nullable Duration p999;

  @Option(
      names = "--max-latency",
      converter = DurationConverter.class,
      description = "Of the slowest.")
  private @Nullable Duration slowest;

  @Option(names = "--min-rate", description = "Deliveries, or connections, per second.")
  private @Nullable Double rate;

  @Option(
      names = "--max-memory",
      converter = SizeConverter.class,
      description = "Of the --pid processes per connection, such as 16KiB.")
  private @Nullable Long memory;

  Thresholds thresholds() {
    return new Thresholds(
        new Thresholds.Latencies(p50, p99, p999, slowest),
        loss,
        duplicates,
        disorder,
        disconnects,
        errors,
        rate,
        memory);
  }
}
