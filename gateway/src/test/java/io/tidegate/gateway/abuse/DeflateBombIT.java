package io.tidegate.gateway.abuse;

import static io.tidegate.gateway.abuse.Requests.times;
import static io.tidegate.gateway.testing.ClientFrames.BINARY;
import static io.tidegate.gateway.testing.ClientFrames.CONTINUATION;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.RSV1;
import static io.tidegate.gateway.testing.ClientFrames.deflate;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.it.GatewayProcess;
import io.tidegate.gateway.it.Nodes;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client may do with permessage-deflate (RFC 7692). */
final class DeflateBombIT {
  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final int MANY = 200;
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final String TOO_BIG = "connections_closed_total{reason=\"message_too_big\"}";

  /** 32 MiB of noughts in some 32 KiB, which as such are well below the limit. */
  private static final byte[] BOMB = deflate(new byte[32 << 20]);

  private static GatewayProcess node;
  private Siege siege;

  @BeforeAll
  static void start() {
    String listen = "plaintext: true, compression: { enabled: true }";
    node = Siege.node(nodes, listen, Siege.ECHO_ROUTE, Map.of());
  }

  @BeforeEach
  void begin() {
    siege = Siege.of(node);
  }

  @AfterEach
  void end(TestInfo test) {
    siege.end(test.getTestMethod().orElseThrow().getName());
  }

  /** Inflated they would be 6 GiB. */
  @Test
  void bombsAreClosedWhileTheyInflate() {
    try (Crowd crowd = siege.upgraded(MANY, Siege.ECHO, OFFER)) {
      crowd.send(frame(FIN | RSV1 | BINARY, BOMB));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("1009");
    }
    siege.counts(MANY, TOO_BIG);
  }

  /** Each piece is harmless. */
  @Test
  void bombsInFragmentsAreClosedWhileTheyInflate() {
    int half = BOMB.length / 2;
    try (Crowd crowd = siege.upgraded(MANY, Siege.ECHO, OFFER)) {
      crowd.send(frame(RSV1 | BINARY, Arrays.copyOf(BOMB, half))).awaitSent();
      crowd.send(frame(FIN | CONTINUATION, Arrays.copyOfRange(BOMB, half, BOMB.length)));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("1009");
    }
    siege.counts(MANY, TOO_BIG);
  }

  /** Each asks for an inflater of 40 KiB with a few bytes, and never gives it back. */
  @Test
  void messagesThatNeverEndHoldNoInflaterEach() {
    byte[] beginning = frame(RSV1 | BINARY, Arrays.copyOf(BOMB, 20));
    try (Crowd crowd = siege.upgraded(2_000, Siege.ECHO, OFFER)) {
      crowd.send(beginning).awaitSent();
      siege.finish(crowd);
    }
  }

  /** 36 KiB that inflate to nothing, each two bytes of them with a stream of zlib of its own. */
  @Test
  void messagesOfManyFinalBlocksAreClosed() {
    byte[] blocks = times(18_000, new byte[] {3, 0});
    try (Crowd crowd = siege.upgraded(MANY, Siege.ECHO, OFFER)) {
      crowd.send(frame(FIN | RSV1 | BINARY, blocks));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("1008");
    }
    siege.counts(MANY, "limit_hits_total{limit=\"fragments_per_message\"}");
  }

  @Test
  void messagesOfEmptyFragmentsAreClosed() {
    byte[] first = frame(RSV1 | BINARY, new byte[0]);
    try (Crowd crowd = siege.upgraded(MANY, Siege.ECHO, OFFER)) {
      crowd.send(first).send(times(2_000, frame(CONTINUATION, new byte[0])));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("1008");
    }
  }
}
