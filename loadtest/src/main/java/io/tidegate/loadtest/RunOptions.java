package io.tidegate.loadtest;

import io.tidegate.loadtest.measure.ProcessWatch;
import io.tidegate.loadtest.report.HtmlReport;
import io.tidegate.loadtest.report.Report;
import io.tidegate.loadtest.report.TextReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What every scenario has: what is watched, what is written, and the run. Main thread only. */
final class RunOptions {
  private static final Set<String> SECRETS = Set.of("--token", "--secret", "--api-key");
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(60);

  @Option(
      names = "--pid",
      description = "Process of the server, on this machine, whose CPU and memory are measured.")
  private List<Long> pids = List.of();

  @Option(
      names = "--heap",
      description =
          "Make those processes, which are Java's, collect their heaps before the first connection"
              + " and with all of them, and tell the difference.")
  private boolean heap;

  @Option(names = "--json", description = "Write the report to this file.")
  private @Nullable Path json;

  @Option(names = "--html", description = "Write the report, with plots, to this file.")
  private @Nullable Path html;

  @Mixin private final ThresholdOptions thresholds = new ThresholdOptions();

  /** Runs, reports, and judges; the exit code. Wrong usage is told as picocli does. */
  int run(CommandSpec spec, Callable<Scenario> plan) throws Exception {
    Scenario scenario;
    List<ProcessWatch> watches;
    try {
      scenario = plan.call();
      watches = watches();
      Usage.require(!heap || !pids.isEmpty(), "--heap", "on", "with --pid only");
      requireDirectory("--json", json);
      requireDirectory("--html", html);
    } catch (Usage wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
    var stop = new CompletableFuture<Void>();
    var finished = new CompletableFuture<Void>();
    Thread hook = new Thread(() -> end(stop, finished), "end");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      PrintWriter err = spec.commandLine().getErr();
      var frame =
          new Scenario.Frame(
              spec.name(),
              Main.now().truncatedTo(ChronoUnit.SECONDS).toString(),
              Main.newRun(),
              settings(spec),
              new Meter(watches, heap, line -> say(err, line)),
              stop);
      return report(spec, scenario.run(frame));
    } finally {
      finished.complete(null);
      if (!stop.isDone()) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  private int report(CommandSpec spec, Report measured) throws IOException {
    Report report = measured.with(thresholds.thresholds().judge(measured));
    spec.commandLine().getOut().print(TextReport.of(report));
    spec.commandLine().getOut().flush();
    if (json != null) {
      report.writeJson(json);
    }
    if (html != null) {
      Files.writeString(html, HtmlReport.of(report));
    }
    return report.good() ? 0 : 1;
  }

  /** On Ctrl-C: ends the run, and the process only when it has reported. */
  private static void end(CompletableFuture<Void> stop, CompletableFuture<Void> finished) {
    stop.complete(null);
    try {
      if (!Waiting.upTo(END_NANOS, finished)) {
        System.err.println("tidegate-loadtest: the run did not end in time; no report");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<ProcessWatch> watches() {
    var watches = new ArrayList<ProcessWatch>();
    for (long pid : pids) {
      var watch = ProcessWatch.of(pid);
      Usage.require(watch.isPresent(), "--pid", pid, "a running process of this machine");
      watches.add(watch.orElseThrow());
    }
    watches.add(ProcessWatch.of(ProcessHandle.current().pid()).orElseThrow());
    return watches;
  }

  private static void requireDirectory(String option, @Nullable Path file) {
    if (file != null) {
      Path directory = file.toAbsolutePath().getParent();
      boolean writable =
          directory != null && Files.isWritable(directory) && !Files.isDirectory(file);
      Usage.require(writable, option, file, "a file in a directory that can be written to");
    }
  }

  /** As they were written, or else the defaults. */
  private static Map<String, String> settings(CommandSpec spec) {
    var settings = new LinkedHashMap<String, String>();
    for (OptionSpec option : spec.options()) {
      String name = option.longestName();
      boolean given = spec.commandLine().getParseResult().hasMatchedOption(name);
      String value =
          given ? String.join(", ", option.originalStringValues()) : option.defaultValue();
      if (value != null && !option.usageHelp() && !option.versionHelp()) {
        settings.put(name, SECRETS.contains(name) ? "***" : value);
      }
    }
    return settings;
  }

  private static void say(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }
}
