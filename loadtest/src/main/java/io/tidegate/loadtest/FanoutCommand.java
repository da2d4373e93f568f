package io.tidegate.loadtest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of {@code fanout}. Confined to the main thread. */
@Command(
    name = "fanout",
    description =
        "One publisher, one channel, many subscribers. Exits with 1 when something was lost, came"
            + " twice or came out of order, or when a connection broke.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false)
final class FanoutCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      description = "Where clients connect; given several times, subscribers take turns.",
      defaultValue = "ws://127.0.0.1:8443/connection/websocket")
  private List<URI> urls = List.of();

  @Option(names = "--token", description = "Token of all subscribers; without it, anonymous.")
  private @Nullable String token;

  @Option(names = "--insecure", description = "Accept any certificate of a wss URL.")
  private boolean insecure;

  @Option(names = "--subscribers", defaultValue = "1000", description = "Connections.")
  private int subscribers;

  @Option(
      names = "--channel",
      defaultValue = "loadtest",
      description = "Channel; nobody else should publish to it.")
  private String channel = "";

  @Option(
      names = "--api",
      defaultValue = "http://127.0.0.1:9000",
      description = "Server API, without a path.")
  private @Nullable URI api;

  @Option(names = "--api-key", description = "Key of the server API, if it asks for one.")
  private @Nullable String apiKey;

  @Option(names = "--rate", defaultValue = "50", description = "Publications per second.")
  private double rate;

  @Option(names = "--payload", defaultValue = "128", description = "Bytes of each's data.")
  private int payload;

  @Option(
      names = "--warmup",
      defaultValue = "3s",
      converter = DurationConverter.class,
      description = "Published before anything is measured; checked all the same.")
  private Duration warmup = Duration.ZERO;

  @Option(
      names = "--duration",
      defaultValue = "10s",
      converter = DurationConverter.class,
      description = "How long is measured.")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--in-flight",
      defaultValue = "64",
      description = "Publications that may wait for their answer; more come late and count so.")
  private int inFlight;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Event loops for the subscribers; it costs the server's cores.")
  private int threads;

  @Option(names = "--pid", description = "Process whose CPU is measured, on this machine.")
  private List<Long> pids = List.of();

  @Option(names = "--json", description = "Write the result to this file.")
  private @Nullable Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    FanoutPlan plan = plan();
    FanoutReport report = Fanout.run(plan, System.out::println);
    System.out.print(report.text());
    if (json != null) {
      report.write(json);
    }
    return report.clean() ? 0 : 1;
  }

  private FanoutPlan plan() {
    if (spec == null || api == null) {
      throw new IllegalStateException("call: not filled (expected: by picocli)");
    }
    try {
      return new FanoutPlan(
          urls,
          token,
          insecure,
          subscribers,
          channel,
          api,
          apiKey,
          rate,
          payload,
          warmup,
          duration,
          inFlight,
          threads,
          pids);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
