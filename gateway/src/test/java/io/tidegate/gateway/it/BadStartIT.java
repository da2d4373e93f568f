package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.config.Pems;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator can mend ends with exit code 2; key, value and expectation are on stderr. */
final class BadStartIT {
  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  @Test
  void anUnknownKey() {
    refused(NodeConfig.local("node").more("limit: { max_payload: 1KiB }"), "limit", "limits");
  }

  @Test
  void aValueThatIsNone() {
    NodeConfig config =
        NodeConfig.local("node").listen("{ host: 127.0.0.1, port: eighty, plaintext: true }");

    refused(config, "listen.port", "'eighty'");
  }

  @Test
  void aCertificateThatIsNotThere() {
    refused(
        withCertificate(Path.of("/nowhere/tls.pem")),
        "listen.tls.certificate",
        "'/nowhere/tls.pem'");
  }

  @Test
  void aCertificateThatIsNone() throws IOException {
    Path file = Files.writeString(nodes.directory().resolve("tls.pem"), "not a certificate\n");

    refused(withCertificate(file), "listen.tls.certificate", "'" + file + "'");
  }

  private static NodeConfig withCertificate(Path file) {
    String tls = "{ certificate: %s, key: %s }".formatted(file, file);
    return NodeConfig.local("node").listen("{ host: 127.0.0.1, port: 0, tls: " + tls + " }");
  }

  @Test
  void aTransportThatThisMachineDoesNotHave() {
    NodeConfig config =
        NodeConfig.local("node")
            .listen("{ host: 127.0.0.1, port: 0, plaintext: true, transport: epoll }");

    refused(without("io.netty.transport.noNative", config), "listen.transport", "epoll");
  }

  @Test
  void aTlsEngineThatThisMachineDoesNotHave() throws Exception {
    Pems.certificate(nodes.directory(), "tls", "EC");
    String tls = "{ certificate: tls.pem, key: tls.key, engine: boringssl }";
    NodeConfig config =
        NodeConfig.local("node").listen("{ host: 127.0.0.1, port: 0, tls: " + tls + " }");

    refused(without("io.netty.handler.ssl.noOpenSsl", config), "listen.tls.engine", "boringssl");
  }

  /** As on a system for which no native library comes along. */
  private GatewayProcess without(String property, NodeConfig config) {
    return nodes.launch(config, Map.of("JAVA_OPTS", "-D" + property + "=true"));
  }

  @Test
  void aPortInUse() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      NodeConfig config =
          NodeConfig.local("node")
              .listen("{ host: 127.0.0.1, port: " + port + ", plaintext: true }");

      refused(config, "listen.port", port);
    }
  }

  @Test
  void aGridPortInUse() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      refused(
          NodeConfig.onGrid("127.0.0.1", port), "backplane.hazelcast.port", Integer.toString(port));
    }
  }

  @Test
  void aRedisServerThatKnowsAnotherPassword() {
    RedisProcess redis = nodes.redis();
    redis.command("CONFIG SET requirepass right");
    String uri = "redis://:hunter2@127.0.0.1:" + redis.port();
    NodeConfig config = NodeConfig.onRedis(uri, "node").get(0);

    refused(config, "backplane.redis.uri", "'127.0.0.1:" + redis.port() + "'");
  }

  /** 192.0.2.0/24 is for documentation: no machine has an address of it. */
  @Test
  void aGridHostOfAnotherMachine() {
    refused(
        NodeConfig.onGrid("192.0.2.1", Ports.free()), "backplane.hazelcast.host", "'192.0.2.1'");
  }

  @Test
  void anInternalPortForEverybodyWithoutKeys() {
    NodeConfig config = NodeConfig.local("node").internal("{ host: 0.0.0.0, port: 0 }");

    refused(config, "internal.api_keys", "missing");
  }

  private void refused(NodeConfig config, String key, String value) {
    refused(nodes.launch(config), key, value);
  }

  private static void refused(GatewayProcess node, String key, String value) {
    assertThat(node.awaitExit()).isEqualTo(2);
    assertThat(node.err().lines())
        .as(node.log())
        .anySatisfy(line -> assertThat(line).contains(key, value, "(expected: "))
        .noneMatch(line -> line.startsWith("\tat ") || line.contains("node stopped"));
  }
}
