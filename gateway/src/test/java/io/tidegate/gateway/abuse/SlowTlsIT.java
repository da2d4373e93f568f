package io.tidegate.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.it.GatewayProcess;
import io.tidegate.gateway.it.Nodes;
import io.tidegate.gateway.testing.Trust;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client may do with its TLS handshake. */
final class SlowTlsIT {
  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final int MANY = 300;

  /** A record of type 22 (handshake) that announces 16 KiB of a ClientHello, and its beginning. */
  private static final byte[] HALF_A_HELLO = {22, 3, 1, 64, 0, 1, 0, 63, (byte) 252, 3, 3};

  private static final String LATE = "upgrades_refused_total{reason=\"handshake_timeout\"}";

  private static GatewayProcess node;
  private static Path certificate;
  private Siege siege;

  @BeforeAll
  static void start() throws Exception {
    Pems.certificate(nodes.directory(), "tls", "EC");
    certificate = nodes.directory().resolve("tls.pem");
    Path key = nodes.directory().resolve("tls.key");
    String tls = "tls: { certificate: %s, key: %s }".formatted(certificate, key);
    node = Siege.node(nodes, tls + ", handshake_timeout: 2s", "", Map.of());
  }

  @BeforeEach
  void begin() {
    siege = Siege.of(node, Trust.in(certificate));
  }

  @AfterEach
  void end(TestInfo test) {
    siege.end(test.getTestMethod().orElseThrow().getName());
  }

  @Test
  void handshakesThatStopHalfwayAreCut() {
    try (Crowd crowd = siege.crowd(MANY).send(HALF_A_HELLO)) {
      assertThat(crowd.awaitEnds()).containsOnlyKeys("cut");
    }
    siege.counts(MANY, LATE);
  }

  @Test
  void slowHandshakesAreCut() {
    try (Crowd crowd = siege.crowd(MANY).send(HALF_A_HELLO).drip(new byte[1_000])) {
      crowd.awaitEach("50 bytes", attacker -> attacker.dripped(50));
      // Not a read buffer of 4 KiB for each byte, which would be 60 MiB.
      assertThat(siege.directMemory()).isPositive().isLessThan(MANY * (32L << 10));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("cut");
    }
    siege.counts(MANY, LATE);
  }
}
