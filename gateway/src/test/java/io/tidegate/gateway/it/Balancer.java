package io.tidegate.gateway.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** HAProxy with the configuration that is deployed, in front of nodes on this machine. */
final class Balancer implements AutoCloseable {
  static final Path CONFIGURATION =
      Path.of("..", "deploy", "haproxy", "haproxy.cfg").toAbsolutePath().normalize();

  private final int port;
  private final Path admin;
  private final Process process;
  private final Path output;
  private final int nodes;

  private Balancer(int port, Path admin, Process process, Path output, int nodes) {
    this.port = port;
    this.admin = admin;
    this.process = process;
    this.output = output;
    this.nodes = nodes;
  }

  /**
   * Starts it; returns when it takes connections.
   *
   * @param certificate file with chain and key, where TLS ends here
   */
  static Balancer start(Path directory, List<GatewayProcess> nodes, @Nullable Path certificate)
      throws IOException {
    Path haproxy = Requires.program("haproxy");
    int port = Ports.free();
    // The path of a UNIX socket has to be short.
    Path admin = Files.createTempDirectory("lb").resolve("admin");
    Map<String, String> environment = new HashMap<>();
    environment.put("LB_BIND", "127.0.0.1:" + port);
    environment.put("LB_MAX_CONNECTIONS", "400");
    environment.put("LB_ADMIN_SOCKET", admin.toString());
    for (int i = 0; i < nodes.size(); i++) {
      String prefix = "LB_NODE_" + (i + 1);
      environment.put(prefix + "_HOST", "127.0.0.1");
      environment.put(prefix + "_PORT", String.valueOf(nodes.get(i).publicPort()));
      environment.put(prefix + "_OPS_PORT", String.valueOf(nodes.get(i).opsPort()));
    }
    if (certificate != null) {
      environment.put("LB_CERTIFICATE", certificate.toString());
    }
    Path output = directory.resolve("haproxy.log");
    var builder =
        new ProcessBuilder(haproxy.toString(), "-db", "-f", CONFIGURATION.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new Balancer(port, admin, builder.start(), output, nodes.size()).awaitListening();
  }

  int port() {
    return port;
  }

  /** Waits until the checks say so of a node, the first being 1. */
  void awaitState(int node, String state) {
    await("node" + node + " " + state)
        .atMost(Duration.ofSeconds(20))
        .until(() -> state(node).startsWith(state));
  }

  /** Cuts the connections of all clients. */
  void cut() throws IOException {
    for (int node = 1; node <= nodes; node++) {
      String answer = ask("shutdown sessions server gateways/node" + node).strip();
      if (!answer.isEmpty()) {
        throw new AssertionError(answer);
      }
    }
  }

  private Balancer awaitListening() {
    try {
      await("haproxy").until(() -> !process.isAlive() || isListening());
      if (!process.isAlive()) {
        throw new AssertionError("haproxy ended\n" + log());
      }
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
    return this;
  }

  private boolean isListening() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** The column of {@code show stat} that tells whether a server is up. */
  private String state(int node) throws IOException {
    int column = 17;
    return ask("show stat")
        .lines()
        .filter(line -> line.startsWith("gateways,node" + node + ","))
        .map(line -> line.split(",", -1)[column])
        .findFirst()
        .orElseThrow();
  }

  private String ask(String command) throws IOException {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(admin));
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(US_ASCII)));
      return new String(Channels.newInputStream(channel).readAllBytes(), US_ASCII);
    }
  }

  String log() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(10, SECONDS)) {
        throw new AssertionError("haproxy still runs");
      }
      Files.deleteIfExists(admin);
      Files.deleteIfExists(admin.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
