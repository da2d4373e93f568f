package io.tidegate.gateway.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real Prometheus with the shipped configuration, started as compose.yaml says; only the list of
 * targets is another one.
 */
final class PrometheusServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final long END_SECONDS = 30;

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port = Ports.free();
  private final Path config;
  private final Process process;

  private PrometheusServer(Path directory) throws IOException {
    Path program = Requires.program("prometheus");
    config = copy(Deploy.PROMETHEUS, directory.resolve("prometheus"));
    Path data = Files.createDirectories(directory.resolve("prometheus-data"));
    List<String> command = new ArrayList<>(List.of(program.toString()));
    ComposeFile.shipped().command("prometheus").stream()
        .map(argument -> argument.replace("/etc/prometheus", config.toString()))
        .map(argument -> argument.replace("=/prometheus", "=" + data))
        .forEach(command::add);
    command.add("--web.listen-address=127.0.0.1:" + port);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("prometheus.log").toFile())
            .start();
  }

  /** Returns when it is ready. */
  static PrometheusServer start(Path directory, List<Integer> opsPorts) throws IOException {
    var server = new PrometheusServer(directory);
    server.targets(opsPorts);
    await("Prometheus ready")
        .atMost(START)
        .until(() -> !server.process.isAlive() || server.status("/-/ready") == 200);
    assertThat(server.process.isAlive())
        .as(Deploy.text(directory.resolve("prometheus.log")))
        .isTrue();
    return server;
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  /** Replaces the list of nodes, as an operator would. */
  void targets(List<Integer> opsPorts) throws IOException {
    Path file = config.resolve("targets/tidegate.yml");
    Path written = Files.createTempFile(config, "targets-", ".tmp");
    List<String> targets = opsPorts.stream().map(PrometheusServer::instance).toList();
    Files.writeString(written, "- targets: [" + String.join(", ", targets) + "]\n");
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  static String instance(int opsPort) {
    return "127.0.0.1:" + opsPort;
  }

  /** The series that answer; fails the test where Prometheus answers with an error. */
  JsonArray query(String expression) {
    return data("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8))
        .getJsonArray("result");
  }

  List<JsonObject> rules() {
    return data("/api/v1/rules").getJsonArray("groups").stream()
        .flatMap(group -> ((JsonObject) group).getJsonArray("rules").stream())
        .map(JsonObject.class::cast)
        .toList();
  }

  /** Alerts that are pending or firing. */
  List<JsonObject> alerts() {
    return data("/api/v1/alerts").getJsonArray("alerts").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private JsonObject data(String path) {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
    return new JsonObject(response.body()).getJsonObject("data");
  }

  private int status(String path) {
    try {
      return get(path).statusCode();
    } catch (UncheckedIOException e) {
      return 0;
    }
  }

  private HttpResponse<String> get(String path) {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
