package io.tidegate.gateway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The processes of one test, or of all tests of a class that share them. Ends them afterwards, each
 * by its pid, and prints what they said if a test failed; that is kept below {@code target/it}
 * either way.
 */
public final class Nodes
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final Path OUTPUT = Path.of("target", "it");

  private final boolean shared;
  private final List<GatewayProcess> processes = new ArrayList<>();
  private final List<RedisProcess> servers = new ArrayList<>();
  private Path directory = OUTPUT;

  private Nodes(boolean shared) {
    this.shared = shared;
  }

  /** Anew for each test. */
  public static Nodes ofOneTest() {
    return new Nodes(false);
  }

  /** For tests that leave nodes as they found them; to be held by a static field. */
  public static Nodes ofAllTests() {
    return new Nodes(true);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    begin(context.getRequiredTestClass().getSimpleName());
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    if (!shared) {
      begin(
          context.getRequiredTestClass().getSimpleName()
              + "-"
              + context.getRequiredTestMethod().getName());
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    try {
      if (!shared) {
        end();
      }
    } finally {
      if (context.getExecutionException().isPresent()) {
        processes.forEach(process -> System.out.println(process.log()));
      }
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    end();
  }

  private void begin(String name) throws IOException {
    directory =
        Files.createTempDirectory(Files.createDirectories(OUTPUT), name + "-").toAbsolutePath();
  }

  private void end() throws IOException, InterruptedException {
    try {
      for (GatewayProcess process : processes) {
        process.end();
      }
    } finally {
      processes.stream().filter(GatewayProcess::isAlive).forEach(GatewayProcess::kill);
      servers.forEach(RedisProcess::kill);
    }
  }

  /** For files of this test. */
  public Path directory() {
    return directory;
  }

  /** Starts {@code serve} and waits until the node wants clients. */
  GatewayProcess serve(NodeConfig config) {
    return launch(config).awaitReady();
  }

  /** Starts them one after the other; returns when each knows all. */
  List<GatewayProcess> cluster(String... names) {
    List<GatewayProcess> nodes = NodeConfig.cluster(names).stream().map(this::serve).toList();
    nodes.forEach(node -> node.api().awaitNodes(names));
    return nodes;
  }

  /** As {@link #cluster}, on a Redis server. */
  List<GatewayProcess> clusterOn(RedisProcess redis, String... names) {
    List<GatewayProcess> nodes =
        NodeConfig.onRedis(redis.uri(), names).stream().map(this::serve).toList();
    nodes.forEach(node -> node.api().awaitNodes(names));
    return nodes;
  }

  /** Starts a Redis server that ends with the nodes. */
  RedisProcess redis() {
    RedisProcess started = RedisProcess.start(directory);
    servers.add(started);
    return started;
  }

  /** Starts {@code serve}, for good or bad. */
  GatewayProcess launch(NodeConfig config) {
    return launch(config, Map.of());
  }

  public GatewayProcess launch(NodeConfig config, Map<String, String> environment) {
    Path file = directory.resolve(config.name() + ".yaml");
    try {
      Files.writeString(file, config.yaml());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run(config.name(), environment, "serve", "--config", file.toString());
  }

  /** Starts any command. */
  GatewayProcess run(String name, Map<String, String> environment, String... arguments) {
    GatewayProcess started = GatewayProcess.start(directory, name, environment, arguments);
    processes.add(started);
    return started;
  }
}
