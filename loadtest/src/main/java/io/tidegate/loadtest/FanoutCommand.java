package io.tidegate.loadtest;

import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@code fanout}. Confined to the main thread. */
@Command(
    name = "fanout",
    description = "A few publishers; each channel has many subscribers.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
final class FanoutCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final CrowdOptions crowd = new CrowdOptions();
  @Mixin private final LoadOptions load = new LoadOptions();

  @Option(
      names = "--channels",
      defaultValue = "1",
      description = "Channels; subscribers and publications are spread evenly.")
  private int channels;

  /** By what way publications come in. */
  enum By {
    api,
    clients
  }

  @Option(
      names = "--publish-by",
      defaultValue = "api",
      description =
          "Through the server API, or by clients that do nothing else: ${COMPLETION-CANDIDATES}.")
  private By by = By.api;

  @Option(
      names = "--publishers",
      defaultValue = "64",
      description = "Each has at most one publication unanswered; what is late counts as late.")
  private int publishers;

  @Option(
      names = "--publishing-connections",
      description = "Clients that publishers share with --publish-by clients; one each if absent.")
  private @Nullable Integer connections;

  @Option(
      names = "--api",
      defaultValue = "http://127.0.0.1:9000",
      description = "Server API, without a path.")
  private @Nullable URI api;

  @Option(names = "--api-key", description = "Key of the server API, if it asks for one.")
  private @Nullable String apiKey;

  @Mixin private final RunOptions run = new RunOptions();

  @Override
  public Integer call() throws Exception {
    if (spec == null || api == null) {
      throw new IllegalStateException("call: not filled (expected: by picocli)");
    }
    URI url = api;
    return run.run(
        spec,
        () -> {
          Layout layout = layout();
          int shared = connections == null ? publishers : connections;
          Load.Api server = by == By.api ? new Load.Api(url, apiKey) : null;
          return Traffic.of(crowd.crowd(), load.load(layout, shared, server));
        });
  }

  private Layout layout() {
    Usage.require(channels > 0 && channels <= 100_000, "--channels", channels, "1 to 100000");
    Usage.require(publishers > 0 && publishers <= 10_000, "--publishers", publishers, "1 to 10000");
    return new Layout.Star(channels, publishers);
  }
}
