package io.tidegate.gateway.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.it.GatewayProcess;
import io.tidegate.gateway.it.Nodes;
import io.tidegate.gateway.testing.ClientFrames;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Clients that are gone without having said so: as after a network that was cut, nothing comes from
 * them any more, and their sockets are open.
 */
final class HalfOpenIT {
  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final int MANY = 200;

  private static GatewayProcess node;
  private Siege siege;

  @BeforeAll
  static void start() {
    node =
        Siege.node(
            nodes,
            "plaintext: true",
            Siege.ECHO_ROUTE,
            Map.of(
                "TIDEGATE_HEARTBEAT_INTERVAL", "3s",
                "TIDEGATE_HEARTBEAT_TIMEOUT", "2s",
                "TIDEGATE_AUTH_FIRST_FRAME_TIMEOUT", "3s"));
  }

  @BeforeEach
  void begin() {
    siege = Siege.of(node);
  }

  @AfterEach
  void end(TestInfo test) {
    siege.end(test.getTestMethod().orElseThrow().getName());
  }

  @Test
  void clientsThatNeverConnectAfterTheir101AreClosed() {
    try (Crowd crowd = siege.upgraded(MANY, Siege.CLIENTS)) {
      assertThat(crowd.awaitEnds()).containsOnlyKeys("3502");
    }
    siege.counts(MANY, "connections_closed_total{reason=\"stale\"}");
  }

  @Test
  void clientsThatAnswerNoPingAreClosed() {
    var token = new JsonObject().put("token", TestTokens.of("ann"));
    byte[] connect =
        ClientFrames.text(new JsonObject().put("id", 1).put("connect", token).encode());
    try (Crowd crowd = siege.crowd(MANY)) {
      // In one piece, or else those who come last on a slow machine are late for another deadline.
      crowd.send(ClientFrames.join(Requests.upgrade(Siege.CLIENTS), connect));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("3012");
    }
    siege.counts(MANY, "connections_closed_total{reason=\"no_pong\"}");
  }

  /** Not even the close frame is acknowledged: they are cut some seconds later. */
  @Test
  void clientsOfARawRouteThatAnswerNoPingAreClosed() {
    try (Crowd crowd = siege.upgraded(MANY, Siege.ECHO).deafen()) {
      siege.counts(MANY, "connections_closed_total{reason=\"no_pong\"}");
      siege.awaitConnections(1);
      assertThat(crowd.listen().awaitEnds()).containsOnlyKeys("3012");
    }
  }

  /** No frame is complete, so no answer to a ping can be in between. */
  @Test
  void clientsThatStopInTheMiddleOfAFrameAreClosed() {
    try (Crowd crowd = siege.upgraded(MANY, Siege.ECHO)) {
      crowd.send(ClientFrames.frame(ClientFrames.FIN | ClientFrames.TEXT, 16, 1_000, new byte[0]));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("3012");
    }
  }
}
