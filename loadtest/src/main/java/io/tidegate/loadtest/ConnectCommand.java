package io.tidegate.loadtest;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@code connect}. Confined to the main thread. */
@Command(
    name = "connect",
    description =
        "Opens and closes connections; --connections bounds how many are open at once. Latency is"
            + " that of the reply to connect.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
final class ConnectCommand implements Callable<Integer> {
  private static final double DEFAULT_RATE = 100;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final CrowdOptions crowd = new CrowdOptions();
  @ArgGroup private @Nullable Pace pace;

  @Option(
      names = "--hold",
      defaultValue = "0s",
      converter = DurationConverter.class,
      description = "How long each stays.")
  private Duration hold = Duration.ZERO;

  @Option(
      names = "--warmup",
      defaultValue = "3s",
      converter = DurationConverter.class,
      description = "Before anything is measured; failures count all the same.")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--duration",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "How long is measured.")
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
          Double rate = Pace.rate(pace, DEFAULT_RATE);
          var connects = new Connects(crowd.crowd(), rate, hold, warmup, duration);
          connects.crowd().requireRoom(0);
          return connects;
        });
  }
}
