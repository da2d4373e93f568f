package io.tidegate.loadtest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options about what is published and for how long. Confined to the main thread. */
final class LoadOptions {
  private static final double DEFAULT_RATE = 50;

  @Option(
      names = "--channel",
      defaultValue = "loadtest",
      description = "Channel; several are named like this, with -0, -1, ... behind.")
  private String channel = "";

  @Option(names = "--payload", defaultValue = "128", description = "Bytes of each's data.")
  private int payload;

  @ArgGroup private @Nullable Pace pace;

  @Option(
      names = "--until-delivered",
      description =
          "With --closed-loop: a publication is done when it is answered and all subscribers have"
              + " it.")
  private boolean untilDelivered;

  @Option(
      names = "--warmup",
      defaultValue = "3s",
      converter = DurationConverter.class,
      description =
          "Published before anything is measured; loss and order are checked all the same.")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--duration",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "How long is measured.")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--drain",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "How long late publications, then late deliveries, are waited for at the end.")
  private Duration drain = Duration.ZERO;

  /**
   * The plan.
   *
   * @param connections that the publishers share
   */
  Load load(Layout layout, int connections, Load.@Nullable Api api) {
    Double rate = Pace.rate(pace, DEFAULT_RATE);
    return new Load(
        layout, channel, payload, rate, untilDelivered, connections, api, warmup, duration, drain);
  }
}
