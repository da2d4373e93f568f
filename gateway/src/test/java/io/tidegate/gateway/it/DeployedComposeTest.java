package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What of compose.yaml and Dockerfile can be told without Docker. */
final class DeployedComposeTest {
  /** Of those that the Compose specification knows, the ones in use: a typing error is none. */
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "", Set.of("name", "services", "networks", "volumes"),
          "service",
              Set.of(
                  "build",
                  "cap_drop",
                  "command",
                  "depends_on",
                  "deploy",
                  "environment",
                  "healthcheck",
                  "image",
                  "logging",
                  "networks",
                  "ports",
                  "read_only",
                  "restart",
                  "security_opt",
                  "stop_grace_period",
                  "tmpfs",
                  "ulimits",
                  "user",
                  "volumes"),
          "build", Set.of("context", "dockerfile"),
          "healthcheck", Set.of("test", "interval", "timeout", "retries", "start_period"),
          "deploy", Set.of("resources"),
          "resources", Set.of("limits"),
          "limits", Set.of("cpus", "memory", "pids"),
          "network", Set.of("internal", "ipam"));

  private static final Pattern PINNED = Pattern.compile("[a-z/]+:v?\\d+\\.\\d+\\.\\d+[a-z0-9.-]*");

  private final ComposeFile compose = ComposeFile.shipped();

  private List<JsonNode> services() {
    return Deploy.each(compose.root().path("services")).toList();
  }

  @Test
  void everyKeyIsOneOfTheSpecification() {
    known("", compose.root());
    for (JsonNode service : services()) {
      known("service", service);
      for (String part : List.of("build", "healthcheck", "deploy")) {
        known(part, service.path(part));
      }
      JsonNode resources = service.path("deploy").path("resources");
      known("resources", resources);
      known("limits", resources.path("limits"));
    }
    Deploy.each(compose.root().path("networks")).forEach(network -> known("network", network));
  }

  private static void known(String place, JsonNode node) {
    var keys = new TreeSet<String>();
    node.fieldNames().forEachRemaining(keys::add);
    keys.removeIf(key -> key.startsWith("x-"));
    assertThat(keys).as(place).isSubsetOf(KEYS.get(place));
  }

  static Set<String> secrets() {
    return ComposeFile.SECRETS.keySet();
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void aMissingSecretIsNamed(String secret) {
    Map<String, String> others = new HashMap<>(ComposeFile.SECRETS);
    others.remove(secret);

    assertThatThrownBy(() -> ComposeFile.with(others)).hasMessageStartingWith(secret + ": missing");
  }

  @Test
  void everySecretAndNothingElseOfTheExampleHasToBeFilledIn() {
    List<String> lines = Deploy.text(Deploy.DIRECTORY.resolve("env.example")).lines().toList();

    assertThat(lines.stream().filter(line -> line.matches("\\w+=")).map(l -> l.replace("=", "")))
        .containsExactlyInAnyOrderElementsOf(ComposeFile.SECRETS.keySet());
  }

  @Test
  void onlyLoopbackIsPublished() {
    assertThat(services().stream().flatMap(service -> Deploy.each(service.path("ports"))))
        .extracting(JsonNode::asText)
        .hasSize(4)
        .allMatch(port -> port.startsWith("127.0.0.1:"));
  }

  @Test
  void everyServiceIsPinnedBoundedAndChecked() {
    for (JsonNode service : services()) {
      String image = service.path("image").asText();
      assertThat(image).matches(PINNED);
      assertThat(service.path("restart").asText()).as(image).isEqualTo("unless-stopped");
      JsonNode limits = service.path("deploy").path("resources").path("limits");
      assertThat(limits.has("cpus") && limits.has("memory") && limits.has("pids"))
          .as(image)
          .isTrue();
      // The nodes' is in their image.
      assertThat(service.has("healthcheck") || service.has("build")).as(image).isTrue();
    }
    for (String name : List.of("haproxy", "gateway-1", "gateway-2")) {
      assertThat(compose.service(name).path("ulimits").path("nofile").path("soft").asInt())
          .as(name)
          .isGreaterThan(100_000);
    }
  }

  @Test
  void whatIsMountedFromTheRepositoryIsThere() {
    // Made by whoever deploys.
    Path certificates = Deploy.DIRECTORY.resolve("tls");
    for (JsonNode service : services()) {
      Deploy.each(service.path("volumes"))
          .map(volume -> volume.asText().split(":", -1)[0])
          .filter(source -> source.startsWith("."))
          .map(source -> Deploy.DIRECTORY.resolve(source).normalize())
          .filter(source -> !source.equals(certificates))
          .forEach(source -> assertThat(source).exists());
    }
  }

  @Test
  void aNodeIsGivenMoreTimeToStopThanItTakes() {
    String grace = compose.service("gateway-1").path("stop_grace_period").asText();
    JsonNode node = Deploy.yaml(Deploy.DIRECTORY.resolve("compose-node.yaml"));

    assertThat(seconds(grace)).isGreaterThan(seconds(node.path("drain").path("deadline").asText()));
  }

  private static int seconds(String duration) {
    return Integer.parseInt(duration.replace("s", ""));
  }

  @Test
  void prometheusScrapesTheNodesOfTheFile() {
    Path file = Deploy.PROMETHEUS.resolve("targets/tidegate.yml");

    assertThat(Deploy.each(Deploy.yaml(file).path(0).path("targets")))
        .extracting(JsonNode::asText)
        .containsExactly("gateway-1:9001", "gateway-2:9001");
  }

  @Test
  void theImageRunsTheLauncherWithoutRoot() {
    String dockerfile = Deploy.text(Deploy.DIRECTORY.resolve("Dockerfile"));

    assertThat(dockerfile)
        .containsPattern("(?m)^ARG DEBIAN=debian:bookworm-\\d{8}-slim$")
        .containsPattern("(?m)^USER [1-9]\\d*:[1-9]\\d*$")
        // The form in which the signal to stop reaches the process itself.
        .containsPattern("(?m)^ENTRYPOINT \\[\"/opt/tidegate/gateway/bin/tidegate\"]$")
        .containsPattern("(?m)^    CMD \\[\"curl\", .*\"http://127.0.0.1:9001/live\"]$");
    assertThat(Pattern.compile("(?m)^FROM (\\S+)").matcher(dockerfile).results())
        .extracting(from -> from.group(1))
        .containsOnly("${DEBIAN}");
    assertThat(
            Deploy.text(Deploy.ROOT.resolve(".dockerignore"))
                .lines()
                .filter(line -> line.startsWith("!"))
                .map(line -> Deploy.ROOT.resolve(line.substring(1))))
        .hasSize(8)
        .allSatisfy(path -> assertThat(path).exists());
  }
}
