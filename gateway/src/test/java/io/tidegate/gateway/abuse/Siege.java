package io.tidegate.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.it.GatewayProcess;
import io.tidegate.gateway.it.NodeConfig;
import io.tidegate.gateway.it.Nodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One attack on a node, and what has to be true of the node all the while: a client that does
 * nothing wrong loses nothing, memory stays below the bound, and the log has nothing to say.
 */
final class Siege {
  static final String ECHO = "/raw/echo";
  static final String CLIENTS = "/connection/websocket";

  /** A section of the configuration. */
  static final String ECHO_ROUTE = "raw: { echo: { echo: true } }";

  /** Heap and direct memory of the nodes under attack, in MiB. */
  static final int HEAP = 128;

  static final int DIRECT = 64;

  /**
   * Resident memory that they never exceed, in MiB: the two above, and what a JVM takes for code,
   * classes, threads and garbage collection.
   */
  static final int RESIDENT = HEAP + DIRECT + 160;

  /** Half of the good client's round trips take less. */
  private static final double MEDIAN_MILLIS = 1_000;

  private static final long STILL_MILLIS = 5_000;

  /** As Vert.x's BlockedThreadChecker tells of event loops. */
  private static final Pattern BLOCKED =
      Pattern.compile("eventloop.* has been blocked for (\\d+) ms");

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final GatewayProcess node;
  private final Map<String, Double> before;
  private final @Nullable SSLContext tls;
  private final Bystander bystander;
  private final long residentBefore;
  private final long linesBefore;

  private Siege(GatewayProcess node, @Nullable SSLContext tls) {
    this.node = node;
    this.tls = tls;
    this.before = metrics();
    this.linesBefore = node.log().lines().count();
    this.residentBefore = memory("VmRSS");
    this.bystander = Bystander.at(node.publicPort(), tls);
  }

  /**
   * Starts a node that ends where memory does not suffice.
   *
   * @param more sections of the configuration
   * @param limits keys of the configuration, each as in the environment
   */
  static GatewayProcess node(Nodes nodes, String listen, String more, Map<String, String> limits) {
    var environment = new HashMap<>(limits);
    environment.put("TIDEGATE_AUTH_ANONYMOUS", "true");
    environment.put(
        "JAVA_OPTS",
        "-Xmx%dm -XX:MaxDirectMemorySize=%dm -XX:+ExitOnOutOfMemoryError".formatted(HEAP, DIRECT));
    var config =
        NodeConfig.local("node")
            .listen("{ host: 127.0.0.1, port: 0, %s }".formatted(listen))
            .more(more);
    return nodes.launch(config, environment).awaitReady();
  }

  static Siege of(GatewayProcess node) {
    return new Siege(node, null);
  }

  /** With {@code tls} where the node has it. */
  static Siege of(GatewayProcess node, @Nullable SSLContext tls) {
    return new Siege(node, tls);
  }

  /** So many sockets; without TLS, so far. */
  Crowd crowd(int count) {
    return Crowd.of(count, node.publicPort());
  }

  Crowd crowd(int count, IntFunction<String> from) {
    return Crowd.of(count, node.publicPort(), from);
  }

  /** {@code count} connections to {@code path}. */
  Crowd upgraded(int count, String path, String... headers) {
    Crowd crowd = tls == null ? crowd(count) : Crowd.of(count, node.publicPort(), tls);
    return crowd.send(Requests.upgrade(path, headers)).awaitUpgraded();
  }

  /** Waits until a metric has grown by {@code n} since the beginning, and no more. */
  void counts(int n, String metric) {
    await(metric)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(grown(metric)).as(this::changes).isEqualTo(n));
  }

  /** Waits until so many connections are open, the good client's included. */
  void awaitConnections(int n) {
    awaitLevel("connections", n);
  }

  /** Waits until so many sockets have no 101. */
  void awaitHandshakes(int n) {
    awaitLevel("handshakes", n);
  }

  /** The crowd vanishes in the middle of what it was at, and the node has noticed. */
  void finish(Crowd crowd) {
    assertThat(crowd.outcomes()).containsOnlyKeys("open");
    crowd.close();
    awaitConnections(1);
  }

  /** The attack is over. */
  void end(String attack) {
    Bystander.Took took = bystander.stop();
    long peak = memory("VmHWM");
    System.out.printf(
        "abuse: %s: %d round trips, median %.1f ms, worst %.1f ms; resident %d MiB, peak %d MiB%n",
        attack, took.rounds(), took.median(), took.worst(), residentBefore, peak);
    assertThat(node.isAlive()).as("the node runs").isTrue();
    assertThat(peak).as("MiB resident").isLessThan(RESIDENT);
    assertThat(took.median()).as("median round trip, ms").isLessThan(MEDIAN_MILLIS);
    assertThat(node.log().lines().skip(linesBefore)).noneMatch(Siege::stoodStill);
    // A machine that is busy with other things delays threads; that is not the node's fault.
    assertThat(node.log().lines().skip(linesBefore))
        .filteredOn(line -> !line.contains("BlockedThreadChecker"))
        .noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
  }

  /** Bytes of buffers outside the heap that the node has taken from the system now. */
  long directMemory() {
    return metrics().getOrDefault("jvm_buffer_pool_used_bytes{pool=\"direct\"}", -1.0).longValue();
  }

  /** Whether an event loop was at one task for longer than any machine's other work explains. */
  private static boolean stoodStill(String line) {
    Matcher blocked = BLOCKED.matcher(line);
    return blocked.find() && Long.parseLong(blocked.group(1)) >= STILL_MILLIS;
  }

  private void awaitLevel(String metric, int n) {
    await(metric)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(metrics().get(metric)).isEqualTo(n));
  }

  private double grown(String metric) {
    return metrics().getOrDefault(metric, 0.0) - before.getOrDefault(metric, 0.0);
  }

  /** What else is another number than at the beginning: tells where what was not counted went. */
  private String changes() {
    Map<String, Double> now = metrics();
    now.keySet().removeIf(name -> name.contains("_bucket") || grown(name) == 0);
    return now.toString();
  }

  /** As {@code /metrics} has them. */
  private Map<String, Double> metrics() {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.opsPort() + "/metrics"));
    try {
      String page = HTTP.send(request.build(), BodyHandlers.ofString()).body();
      var values = new HashMap<String, Double>();
      page.lines()
          .filter(line -> line.startsWith("tidegate_") || line.startsWith("jvm_buffer"))
          .forEach(
              line -> {
                int space = line.lastIndexOf(' ');
                values.put(
                    line.substring(0, space).replaceFirst("^tidegate_", "").replace(",}", "}"),
                    Double.valueOf(line.substring(space + 1)));
              });
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A line of the process's status, in MiB. */
  private long memory(String name) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(node.pid()), "status")).stream()
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
