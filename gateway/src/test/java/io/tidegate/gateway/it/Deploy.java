package io.tidegate.gateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files in {@code deploy/}, as data. */
final class Deploy {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  static final Path DIRECTORY = ROOT.resolve("deploy");
  static final Path PROMETHEUS = DIRECTORY.resolve("prometheus");
  static final Path DASHBOARD = DIRECTORY.resolve("grafana/dashboards/tidegate.json");

  private static final ObjectMapper json = new ObjectMapper();
  private static final Pattern METRIC = Pattern.compile("\\b(?:tidegate|jvm|process)_[a-z_]+\\b");
  private static final Pattern RECORDED = Pattern.compile("\\b[a-z]+:[a-z_]+:\\w+");

  /** An expression, and where it stands. */
  record Query(String place, String expression) {
    /** Names of the nodes' metrics in it, without the suffixes of a histogram's parts. */
    List<String> metrics() {
      return METRIC
          .matcher(RECORDED.matcher(expression).replaceAll(""))
          .results()
          .map(name -> name.group().replaceFirst("_(bucket|sum|count)$", ""))
          .toList();
    }

    /** Names of recorded series in it. */
    List<String> recorded() {
      return RECORDED.matcher(expression).results().map(name -> name.group()).toList();
    }
  }

  private Deploy() {}

  /** With anchors and merges resolved. */
  static JsonNode yaml(String text) {
    return json.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
  }

  static JsonNode yaml(Path file) {
    return yaml(text(file));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** Of all rule files. */
  static List<JsonNode> rules() {
    return files(PROMETHEUS.resolve("rules")).stream()
        .flatMap(file -> each(yaml(file).path("groups")))
        .flatMap(group -> each(group.path("rules")))
        .toList();
  }

  static List<JsonNode> alerts() {
    return rules().stream().filter(rule -> rule.has("alert")).toList();
  }

  static List<Query> ruleQueries() {
    return rules().stream()
        .map(rule -> new Query(rule.path("alert").asText(rule.path("record").asText()), expr(rule)))
        .toList();
  }

  static JsonNode dashboard() {
    try {
      return json.readTree(DASHBOARD.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As Grafana sends them, for all nodes of the job. */
  static List<Query> dashboardQueries() {
    return each(dashboard().path("panels"))
        .flatMap(
            panel ->
                each(panel.path("targets"))
                    .map(target -> new Query(panel.path("title").asText(), filled(expr(target)))))
        .toList();
  }

  private static String expr(JsonNode node) {
    return node.path("expr").asText();
  }

  private static String filled(String expression) {
    return expression
        .replace("$__rate_interval", "1m")
        .replace("$job", "tidegate")
        .replace("$instance", ".*");
  }
}
