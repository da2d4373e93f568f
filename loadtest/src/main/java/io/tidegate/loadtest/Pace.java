package io.tidegate.loadtest;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of which one may be given: an open loop or a closed one. Confined to the main thread. */
final class Pace {
  @Option(
      names = "--rate",
      description =
          "Open loop: so many publications, or connections, per second in all. If neither this nor"
              + " --closed-loop is given: 50 publications, 100 connections.")
  private @Nullable Double rate;

  @Option(
      names = "--closed-loop",
      description =
          "Instead: each publisher publishes when its last publication is answered; a connection"
              + " comes when another is gone.")
  private boolean closedLoop;

  /** Null for a closed loop. */
  static @Nullable Double rate(@Nullable Pace pace, double usual) {
    if (pace == null) {
      return usual;
    }
    return pace.closedLoop ? null : pace.rate;
  }
}
