package io.tidegate.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.it.GatewayProcess;
import io.tidegate.gateway.it.Nodes;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More sockets and more connections than there may be. */
final class ConnectFloodIT {
  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final int HANDSHAKES = 400;
  private static final int CONNECTIONS = 300;
  private static final int PER_ADDRESS = 50;

  private static GatewayProcess node;
  private Siege siege;

  @BeforeAll
  static void start() {
    node =
        Siege.node(
            nodes,
            "plaintext: true, handshake_timeout: 3s",
            "",
            Map.of(
                "TIDEGATE_LIMITS_MAX_HANDSHAKES", Integer.toString(HANDSHAKES),
                "TIDEGATE_LIMITS_MAX_CONNECTIONS", Integer.toString(CONNECTIONS),
                "TIDEGATE_LIMITS_CONNECTIONS_PER_ADDRESS", Integer.toString(PER_ADDRESS)));
  }

  @BeforeEach
  void begin() {
    siege = Siege.of(node);
  }

  @AfterEach
  void end(TestInfo test) {
    siege.end(test.getTestMethod().orElseThrow().getName());
  }

  /** And when those who hold the places have been cut, others get in. */
  @Test
  void socketsAboveMaxHandshakesAreCutBeforeAnythingIsRead() {
    int more = 600;
    try (Crowd holders = siege.crowd(HANDSHAKES, ConnectFloodIT::address)) {
      siege.awaitHandshakes(HANDSHAKES);
      try (Crowd crowd = siege.crowd(more, ConnectFloodIT::address)) {
        assertThat(crowd.awaitEnds()).containsOnlyKeys("cut");
      }
      siege.counts(more, refused("handshake_limit"));
      assertThat(holders.awaitEnds()).containsOnlyKeys("cut");
      siege.counts(HANDSHAKES, refused("handshake_timeout"));
    }
    siege.upgraded(1, Siege.CLIENTS).close();
    siege.awaitConnections(1);
  }

  @Test
  void connectionsAboveMaxConnectionsAreRefused() {
    int more = 100;
    int free = CONNECTIONS - 1;
    try (Crowd holders = siege.crowd(free, ConnectFloodIT::address);
        Crowd crowd = siege.crowd(more, ConnectFloodIT::otherAddress)) {
      holders.send(Requests.upgrade(Siege.CLIENTS)).awaitUpgraded();
      crowd.send(Requests.upgrade(Siege.CLIENTS));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("503");
      siege.finish(holders);
    }
    siege.counts(more, refused("connection_limit"));
  }

  @Test
  void connectionsOfOneAddressAboveTheLimitAreRefused() {
    try (Crowd holders = siege.upgraded(PER_ADDRESS, Siege.CLIENTS);
        Crowd crowd = siege.crowd(PER_ADDRESS).send(Requests.upgrade(Siege.CLIENTS))) {
      assertThat(crowd.awaitEnds()).containsOnlyKeys("429");
      siege.counts(PER_ADDRESS, refused("address_limit"));
      try (Crowd others = siege.crowd(PER_ADDRESS, ConnectFloodIT::otherAddress)) {
        others.send(Requests.upgrade(Siege.CLIENTS)).awaitUpgraded();
      }
      siege.finish(holders);
    }
  }

  /** Before any request, and so before it is known whether one comes. */
  @Test
  void socketsOfOneAddressAboveTheLimitAreCut() {
    int more = 200;
    try (Crowd holders = siege.crowd(PER_ADDRESS)) {
      siege.awaitHandshakes(PER_ADDRESS);
      try (Crowd crowd = siege.crowd(more)) {
        assertThat(crowd.awaitEnds()).containsOnlyKeys("cut");
      }
      siege.counts(more, refused("address_limit"));
      assertThat(holders.awaitEnds()).containsOnlyKeys("cut");
    }
  }

  /** Connecting and leaving at once, again and again: nothing of it stays. */
  @Test
  void churnLeavesNothingBehind() {
    for (int i = 0; i < 20; i++) {
      Crowd crowd = siege.crowd(200, ConnectFloodIT::address).send(Requests.upgrade(Siege.CLIENTS));
      crowd.close();
    }
    siege.awaitConnections(1);
    siege.awaitHandshakes(0);
  }

  private static String address(int i) {
    return "127.0.1." + (1 + i % 100);
  }

  private static String otherAddress(int i) {
    return "127.0.2." + (1 + i % 100);
  }

  private static String refused(String reason) {
    return "upgrades_refused_total{reason=\"" + reason + "\"}";
  }
}
