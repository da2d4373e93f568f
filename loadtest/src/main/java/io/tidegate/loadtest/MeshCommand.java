package io.tidegate.loadtest;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@code mesh}. Confined to the main thread. */
@Command(
    name = "mesh",
    description = "Rooms in which every client publishes and receives what all of them publish.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
final class MeshCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final CrowdOptions crowd = new CrowdOptions();
  @Mixin private final LoadOptions load = new LoadOptions();

  @Option(
      names = "--room",
      defaultValue = "10",
      description = "Clients in a room, which is a channel of its own.")
  private int room;

  @Mixin private final RunOptions run = new RunOptions();

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("call: not filled (expected: by picocli)");
    }
    return run.run(
        spec,
        () -> {
          Usage.require(room > 0, "--room", room, "at least 1");
          int clients = Math.max(1, crowd.crowd().connections());
          return Traffic.of(
              crowd.crowd(), load.load(new Layout.Rooms(clients, room), clients, null));
        });
  }
}
