package io.tidegate.gateway.abuse;

import static io.tidegate.gateway.testing.ClientFrames.BINARY;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static java.util.Objects.requireNonNull;
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
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that make the node write, and do not read. */
@ParameterizedClass
@EnumSource(Scheme.class)
final class SlowReaderIT {
  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final byte[] ECHO = frame(FIN | BINARY, new byte[16 << 10]);
  private static final String SLOW = "connections_closed_total{reason=\"slow\"}";

  private static @Nullable GatewayProcess started;
  private static @Nullable SSLContext tls;

  private final Scheme scheme;
  private final GatewayProcess node;
  private final int many;
  private Siege siege;

  SlowReaderIT(Scheme scheme) {
    this.scheme = scheme;
    this.node = requireNonNull(started, "node");
    this.many = scheme.of(20);
  }

  @BeforeParameterizedClassInvocation
  static void start(Scheme scheme) {
    started =
        Siege.node(
            nodes,
            scheme.listen(nodes.directory()),
            Siege.ECHO_ROUTE,
            Map.of(
                "TIDEGATE_LIMITS_QUEUE_BYTES",
                "128KiB",
                "TIDEGATE_LIMITS_CONTROL_FRAMES_PER_SECOND",
                "0"));
    tls = scheme.trust(nodes.directory());
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    requireNonNull(started, "node").kill();
  }

  @BeforeEach
  void begin() {
    siege = Siege.of(node, tls);
  }

  @AfterEach
  void end(TestInfo test) {
    siege.end(test.getTestMethod().orElseThrow().getName() + " " + scheme);
  }

  @Test
  void subscribersOfABusyChannelWhoReadNothingAreClosedAndOthersMissNothing() {
    int publications = 600;
    URI uri = scheme.clients(node.publicPort());
    var options = tls == null ? TestClient.Options.PLAIN : TestClient.Options.PLAIN.tls(tls);
    var channel = new JsonObject().put("channel", "busy");
    try (Crowd crowd = siege.upgraded(many, Siege.CLIENTS);
        TestClient reader = TestClient.connect(uri, options);
        TestClient publisher = TestClient.connect(uri, options)) {
      var connect = new JsonObject().put("token", TestTokens.of("ann"));
      crowd.send(
          ClientFrames.text(
              new JsonObject().put("id", 1).put("connect", connect).encode()
                  + "\n"
                  + new JsonObject().put("id", 2).put("subscribe", channel).encode()));
      siege.counts(many, "commands_total{command=\"subscribe\",outcome=\"ok\"}");
      crowd.deafen();
      publisher.command("connect", connect);
      reader.command("connect", connect);
      reader.command("subscribe", channel);
      var data = new JsonObject().put("text", "x".repeat(8 << 10));
      for (int i = 0; i < publications; i++) {
        publisher.command("publish", channel.copy().put("data", data.copy().put("n", i)));
      }
      siege.counts(many, SLOW);
      siege.counts(many, "slow_consumers_total{policy=\"disconnect\"}");
      reader.awaitMessage(m -> m.encode().contains("\"n\":" + (publications - 1) + "}"));
      assertThat(
              reader.pushes("busy", "pub").stream()
                  .map(p -> p.getJsonObject("data").getInteger("n")))
          .containsExactlyElementsOf(IntStream.range(0, publications).boxed().toList());
      crowd.listen().awaitTold(3008);
    }
  }

  @Test
  void thoseWhoReadNoEchoAreClosed() {
    try (Crowd crowd = siege.upgraded(many, Siege.ECHO).deafen()) {
      crowd.send(ECHO, 500);
      siege.counts(many, SLOW);
      crowd.listen().awaitTold(3008);
    }
  }

  /** The close frame waits behind what they do not read, and five seconds later they are cut. */
  @Test
  void thoseWhoDoNotReadTheirCloseFrameEitherAreCut() {
    try (Crowd crowd = siege.upgraded(many, Siege.ECHO).deafen()) {
      crowd.send(ECHO, 500);
      siege.counts(many, SLOW);
      siege.awaitConnections(1);
      assertThat(crowd.listen().awaitEnds()).containsOnlyKeys("cut");
    }
  }

  /** The last word of the node's TLS would wait behind the rest. */
  @Test
  void thoseWhoEndTheirSideAndReadNothingAreCut() {
    try (Crowd crowd = siege.upgraded(many, Siege.ECHO).deafen()) {
      crowd.send(ECHO, 500).awaitSent();
      siege.counts(many, SLOW);
      crowd.endOutput();
      siege.awaitConnections(1);
      assertThat(crowd.listen().awaitEnds()).containsOnlyKeys("cut");
    }
  }
}
