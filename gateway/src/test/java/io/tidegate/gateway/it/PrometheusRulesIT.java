package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus' own tool says about the shipped files. */
final class PrometheusRulesIT {
  private static final Duration MOST = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void theConfigurationIsValid() throws Exception {
    promtool(
        List.of("check", "config"),
        Stream.of(Deploy.PROMETHEUS.resolve("prometheus.yml")).toList());
  }

  @Test
  void theRulesAreValid() throws Exception {
    promtool(
        List.of("check", "rules", "--lint=all", "--lint-fatal"),
        Deploy.files(Deploy.PROMETHEUS.resolve("rules")));
  }

  @Test
  void theAlertsFireWhenTheyShouldAndOnlyThen() throws Exception {
    promtool(List.of("test", "rules"), Deploy.files(Deploy.PROMETHEUS.resolve("tests")));
  }

  private void promtool(List<String> what, List<Path> files) throws Exception {
    assertThat(files).isNotEmpty();
    List<String> command = new ArrayList<>(List.of(Requires.program("promtool").toString()));
    command.addAll(what);
    files.forEach(file -> command.add(file.toString()));

    Program.Outcome outcome = Program.run(directory, MOST, command);

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
  }
}
