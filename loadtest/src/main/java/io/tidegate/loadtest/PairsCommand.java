package io.tidegate.loadtest;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line of {@code pairs}. Confined to the main thread. */
@Command(
    name = "pairs",
    description = "Each client has a channel of its own, to which its partner publishes.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
final class PairsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final CrowdOptions crowd = new CrowdOptions();
  @Mixin private final LoadOptions load = new LoadOptions();
  @Mixin private final RunOptions run = new RunOptions();

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("call: not filled (expected: by picocli)");
    }
    return run.run(
        spec,
        () -> {
          int clients = crowd.crowd().connections();
          Usage.require(clients % 2 == 0, "--connections", clients, "an even number");
          return Traffic.of(crowd.crowd(), load.load(new Layout.Pairs(clients), clients, null));
        });
  }
}
