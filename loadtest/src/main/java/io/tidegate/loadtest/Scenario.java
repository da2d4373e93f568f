package io.tidegate.loadtest;

import io.tidegate.loadtest.report.Report;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What can be run. Runs on the thread that calls it, once. */
sealed interface Scenario permits Traffic, Idle, Connects {
  /** What a run is told from outside. */
  record Frame(
      String name,
      String startedAt,
      int run,
      Map<String, String> settings,
      Meter meter,
      CompletableFuture<Void> stop) {}

  /**
   * Runs to the end, or until it is told to stop; what was measured is in the report either way.
   */
  Report run(Frame frame) throws IOException, InterruptedException;
}
