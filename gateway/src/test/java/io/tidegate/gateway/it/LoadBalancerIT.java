package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.Trust;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nodes behind HAProxy with the configuration of {@code deploy/haproxy}. */
final class LoadBalancerIT {
  /** Where TLS ends, which decides how the node learns its client's address. */
  private enum TlsEnds {
    AT_THE_GATEWAY,
    AT_THE_BALANCER
  }

  private static final String CHANNEL = "news";

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  private Path certificate;
  private Path both;
  private SSLContext trust;

  @BeforeEach
  void certificate() throws Exception {
    Pems.certificate(nodes.directory(), "tls", "RSA");
    certificate = nodes.directory().resolve("tls.pem");
    both = nodes.directory().resolve("both.pem");
    Files.writeString(both, Files.readString(certificate) + Files.readString(key()));
    trust = Trust.in(certificate);
  }

  @ParameterizedTest
  @EnumSource
  void clientsOutliveADrainedAndAKilledNode(TlsEnds ends) throws Exception {
    List<GatewayProcess> cluster = cluster(ends, "drained", "killed", "last");
    GatewayProcess last = cluster.get(2);
    String drained = last.api().nodeId("drained");
    String killed = last.api().nodeId("killed");
    var publisher = new Publisher(CHANNEL, List.of(last.api()));
    try (Balancer balancer = balancer(ends, cluster)) {
      List<Follower> clients = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        clients.add(Follower.of(entrance(balancer), "user" + i, CHANNEL));
      }
      assertThat(byNode(clients).values())
          .as("least connections, and no node twice for one address")
          .containsExactly(4L, 4L, 4L);

      CompletableFuture<Void> first = publisher.start(300);
      awaitNumbers(clients, 50);
      cluster.get(0).terminate();
      balancer.awaitState(1, "DOWN");
      assertThat(cluster.get(0).isAlive()).isTrue();
      try (Follower late = Follower.of(entrance(balancer), "late", CHANNEL)) {
        assertThat(byNode(clients)).containsKey(late.node());
      }
      assertThat(cluster.get(0).awaitExit()).isZero();
      clients = reconnected(clients, drained, balancer, 3001);
      assertThat(byNode(clients)).hasSize(2);
      first.join();

      CompletableFuture<Void> second = publisher.start(600);
      awaitNumbers(clients, 350);
      cluster.get(1).kill();
      clients = reconnected(clients, killed, balancer, 1006);
      assertThat(byNode(clients)).hasSize(1);
      second.join();

      for (Follower client : clients) {
        client.awaitNumbers(600);
        client.close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientIsCountedByItsOwnAddressWhateverItClaims(TlsEnds ends) throws Exception {
    var environment =
        Map.of(
            "TIDEGATE_LIMITS_CONNECTIONS_PER_ADDRESS", "1",
            "JAVA_OPTS", "-Xmx256m -Dtidegate.log=debug");
    GatewayProcess node =
        nodes.launch(NodeConfig.local("node").listen(listen(ends)), environment).awaitReady();
    try (Balancer balancer = balancer(ends, List.of(node))) {
      try (var first = from("127.0.0.5", balancer).ask("X-Forwarded-For: 203.0.113.1");
          var second = from("127.0.0.5", balancer).ask("X-Forwarded-For: 203.0.113.2");
          var third = from("127.0.0.5", balancer).ask("Forwarded: for=203.0.113.3");
          var other = from("127.0.0.6", balancer).ask("X-Forwarded-For: 203.0.113.1")) {
        assertThat(first.status()).isEqualTo(101);
        assertThat(second.status()).isEqualTo(429);
        assertThat(third.status()).isEqualTo(429);
        assertThat(other.status()).isEqualTo(101);
      }
      var client = Follower.of(entrance(balancer), "ann", CHANNEL);
      client.close();
      await()
          .until(
              () ->
                  node.err()
                      .lines()
                      .anyMatch(
                          line ->
                              line.contains("session closed")
                                  && line.contains("remote=127.0.0.1 ")));
    }
  }

  @Test
  void theConfigurationHasNoWarning() throws Exception {
    for (String also : List.of("LB_USER=root", "LB_CERTIFICATE=" + both)) {
      var outcome = check("LB_NODE_1_HOST=127.0.0.1", "LB_NODE_2_HOST=127.0.0.2", also);

      assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }
  }

  @Test
  void theConfigurationWithoutNodesIsRefused() throws Exception {
    var outcome = check("LB_BIND=127.0.0.1:0");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.output()).contains("LB_NODE_1_HOST: not set");
  }

  /** {@code -c} checks, {@code -dW} takes a warning for an error. */
  private Program.Outcome check(String... environment) throws Exception {
    Path haproxy = Requires.program("haproxy");
    List<String> command = new ArrayList<>(List.of("env"));
    command.addAll(List.of(environment));
    command.addAll(
        List.of(haproxy.toString(), "-c", "-dW", "-f", Balancer.CONFIGURATION.toString()));
    return Program.run(nodes.directory(), Duration.ofSeconds(30), command);
  }

  private List<GatewayProcess> cluster(TlsEnds ends, String... names) {
    List<GatewayProcess> cluster =
        NodeConfig.cluster(names).stream()
            .map(config -> config.listen(listen(ends)))
            .map(config -> config.drain("{ delay: 6s, window: 2s, deadline: 20s }"))
            .map(nodes::serve)
            .toList();
    cluster.forEach(node -> node.api().awaitNodes(names));
    return cluster;
  }

  private String listen(TlsEnds ends) {
    return ends == TlsEnds.AT_THE_GATEWAY
        ? """
          { host: 127.0.0.1, port: 0, tls: { certificate: %s, key: %s },
            proxy_protocol: true, trusted_proxies: [127.0.0.1] }"""
            .formatted(certificate, key())
        : "{ host: 127.0.0.1, port: 0, plaintext: true, trusted_proxies: [127.0.0.1] }";
  }

  private Balancer balancer(TlsEnds ends, List<GatewayProcess> cluster) throws Exception {
    return Balancer.start(
        nodes.directory(), cluster, ends == TlsEnds.AT_THE_BALANCER ? both : null);
  }

  private Path key() {
    return nodes.directory().resolve("tls.key");
  }

  private Follower.Entrance entrance(Balancer balancer) {
    return new Follower.Entrance(
        URI.create("wss://localhost:" + balancer.port() + "/connection/websocket"),
        TestClient.Options.PLAIN.tls(trust));
  }

  private RawUpgrade from(String address, Balancer balancer) {
    return RawUpgrade.from(address, balancer.port()).tls(trust);
  }

  private static Map<String, Long> byNode(List<Follower> clients) {
    return clients.stream().collect(Collectors.groupingBy(Follower::node, Collectors.counting()));
  }

  private static void awaitNumbers(List<Follower> clients, int least) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> clients.stream().allMatch(client -> client.numbers().size() >= least));
  }

  /** Those whose node is gone come back by the same entrance, as an SDK would do. */
  private List<Follower> reconnected(
      List<Follower> clients, String gone, Balancer balancer, int code) {
    assertThat(byNode(clients)).containsKey(gone);
    return clients.stream()
        .map(client -> client.node().equals(gone) ? reconnected(client, balancer, code) : client)
        .toList();
  }

  private Follower reconnected(Follower client, Balancer balancer, int code) {
    assertThat(client.client().awaitClose()).isEqualTo(code);
    Follower back =
        await()
            .atMost(Duration.ofSeconds(60))
            .ignoreExceptionsInstanceOf(CompletionException.class)
            .until(() -> client.resume(entrance(balancer)), Objects::nonNull);
    assertThat(back.recovered()).isTrue();
    return back;
  }
}
