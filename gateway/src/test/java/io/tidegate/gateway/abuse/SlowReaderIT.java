package io.tidegate.gateway.abuse;

import static io.tidegate.gateway.testing.ClientFrames.BINARY;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.it.GatewayProcess;
import io.tidegate.gateway.it.Nodes;
import io.tidegate.gateway.testing.ClientFrames;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that make the node write, and do not read. */
final class SlowReaderIT {
  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final int MANY = 40;
  private static final String SLOW = "connections_closed_total{reason=\"slow\"}";

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
                "TIDEGATE_LIMITS_QUEUE_BYTES",
                "128KiB",
                "TIDEGATE_LIMITS_CONTROL_FRAMES_PER_SECOND",
                "0"));
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
  void subscribersOfABusyChannelWhoReadNothingAreClosedAndOthersMissNothing() {
    int publications = 600;
    URI uri = URI.create("ws://127.0.0.1:" + node.publicPort() + Siege.CLIENTS);
    var channel = new JsonObject().put("channel", "busy");
    try (Crowd crowd = siege.upgraded(MANY, Siege.CLIENTS);
        TestClient reader = TestClient.connect(uri, TestClient.Options.PLAIN);
        TestClient publisher = TestClient.connect(uri, TestClient.Options.PLAIN)) {
      var connect = new JsonObject().put("token", TestTokens.of("ann"));
      crowd.send(
          ClientFrames.text(
              new JsonObject().put("id", 1).put("connect", connect).encode()
                  + "\n"
                  + new JsonObject().put("id", 2).put("subscribe", channel).encode()));
      siege.counts(MANY, "commands_total{command=\"subscribe\",outcome=\"ok\"}");
      crowd.deafen();
      publisher.command("connect", connect);
      reader.command("connect", connect);
      reader.command("subscribe", channel);
      var data = new JsonObject().put("text", "x".repeat(8 << 10));
      for (int i = 0; i < publications; i++) {
        publisher.command("publish", channel.copy().put("data", data.copy().put("n", i)));
      }
      siege.counts(MANY, SLOW);
      siege.counts(MANY, "slow_consumers_total{policy=\"disconnect\"}");
      reader.awaitMessage(m -> m.encode().contains("\"n\":" + (publications - 1) + "}"));
      assertThat(
              reader.pushes("busy", "pub").stream()
                  .map(p -> p.getJsonObject("data").getInteger("n")))
          .containsExactlyElementsOf(IntStream.range(0, publications).boxed().toList());
      assertThat(crowd.listen().awaitEnds()).containsOnlyKeys("3008");
    }
  }

  @Test
  void thoseWhoReadNoEchoAreClosed() {
    try (Crowd crowd = siege.upgraded(MANY, Siege.ECHO).deafen()) {
      crowd.send(frame(FIN | BINARY, new byte[16 << 10]), 500);
      siege.counts(MANY, SLOW);
      assertThat(crowd.listen().awaitEnds()).containsOnlyKeys("3008");
    }
  }

  /** The close frame waits behind what they do not read, and five seconds later they are cut. */
  @Test
  void thoseWhoDoNotReadTheirCloseFrameEitherAreCut() {
    try (Crowd crowd = siege.upgraded(MANY, Siege.ECHO).deafen()) {
      crowd.send(frame(FIN | BINARY, new byte[16 << 10]), 500);
      siege.counts(MANY, SLOW);
      siege.awaitConnections(1);
      assertThat(crowd.listen().awaitEnds()).containsOnlyKeys("cut");
    }
  }
}
