package io.tidegate.loadtest;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@code idle}. Confined to the main thread. */
@Command(
    name = "idle",
    description = "Holds connections that do nothing: memory of each, pings, disconnects.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
final class IdleCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final CrowdOptions crowd = new CrowdOptions();

  @Option(
      names = "--channels",
      defaultValue = "0",
      description = "Channels that clients spread over; 0 for no subscriptions.")
  private int channels;

  @Option(
      names = "--channel",
      defaultValue = "loadtest",
      description = "They are named like this, with -0, -1, ... behind.")
  private String channel = "";

  @Option(
      names = "--warmup",
      defaultValue = "3s",
      converter = DurationConverter.class,
      description = "Between the last connection and the first reading.")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--duration",
      defaultValue = "60s",
      converter = DurationConverter.class,
      description = "How long they are held.")
  private Duration duration = Duration.ZERO;

  @Mixin private final RunOptions run = new RunOptions();

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("call: not filled (expected: by picocli)");
    }
    return run.run(
        spec,
        () -> {
          var idle = new Idle(crowd.crowd(), channels, channel, warmup, duration);
          idle.crowd().requireRoom(0);
          return idle;
        });
  }
}
