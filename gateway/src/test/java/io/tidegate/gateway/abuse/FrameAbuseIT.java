package io.tidegate.gateway.abuse;

import static io.tidegate.gateway.abuse.Requests.times;
import static io.tidegate.gateway.testing.ClientFrames.BINARY;
import static io.tidegate.gateway.testing.ClientFrames.CONTINUATION;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.PING;
import static io.tidegate.gateway.testing.ClientFrames.PONG;
import static io.tidegate.gateway.testing.ClientFrames.TEXT;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static io.tidegate.gateway.testing.ClientFrames.join;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.it.GatewayProcess;
import io.tidegate.gateway.it.Nodes;
import java.util.Map;
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

/** What a client may do with frames after its 101. */
@ParameterizedClass
@EnumSource(Scheme.class)
final class FrameAbuseIT {
  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final int FRAGMENTS = 64;
  private static final int CONTROL_FRAMES = 10;
  private static final byte[] EMPTY = {};

  private static @Nullable GatewayProcess started;
  private static @Nullable SSLContext tls;

  private final Scheme scheme;
  private final GatewayProcess node;
  private final int many;
  private Siege siege;

  FrameAbuseIT(Scheme scheme) {
    this.scheme = scheme;
    this.node = requireNonNull(started, "node");
    this.many = scheme.of(200);
  }

  @BeforeParameterizedClassInvocation
  static void start(Scheme scheme) {
    started =
        Siege.node(
            nodes,
            scheme.listen(nodes.directory()),
            Siege.ECHO_ROUTE,
            Map.of(
                "TIDEGATE_LIMITS_FRAGMENTS_PER_MESSAGE",
                Integer.toString(FRAGMENTS),
                "TIDEGATE_LIMITS_CONTROL_FRAMES_PER_SECOND",
                Integer.toString(CONTROL_FRAMES)));
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
  void pingFloodsAreClosedAboveTheRate() {
    try (Crowd crowd = siege.upgraded(many, Siege.ECHO)) {
      crowd.send(times(1_000, frame(FIN | PING, new byte[125])));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("3013");
    }
    siege.counts(many, "connections_closed_total{reason=\"too_many_requests\"}");
    siege.counts(many, "limit_hits_total{limit=\"control_frames_per_second\"}");
  }

  @Test
  void pongFloodsAreClosedAboveTheRate() {
    try (Crowd crowd = siege.upgraded(many, Siege.ECHO)) {
      crowd.send(times(10_000, frame(FIN | PONG, EMPTY)));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("3013");
    }
    siege.counts(many, "connections_closed_total{reason=\"too_many_requests\"}");
    siege.counts(many, "limit_hits_total{limit=\"control_frames_per_second\"}");
  }

  @Test
  void messagesInTooManyFragmentsAreClosed() {
    try (Crowd crowd = siege.upgraded(many, Siege.ECHO)) {
      byte[] more = times(2_000, frame(CONTINUATION, new byte[1]));
      crowd.send(join(frame(BINARY, new byte[1]), more));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("1008");
    }
    siege.counts(many, "connections_closed_total{reason=\"too_many_fragments\"}");
    siege.counts(many, "limit_hits_total{limit=\"fragments_per_message\"}");
  }

  @Test
  void emptyFragmentsCountAsOthersDo() {
    try (Crowd crowd = siege.upgraded(many, Siege.ECHO)) {
      crowd.send(join(frame(TEXT, EMPTY), times(5_000, frame(CONTINUATION, EMPTY))));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("1008");
    }
    siege.counts(many, "connections_closed_total{reason=\"too_many_fragments\"}");
    siege.counts(many, "limit_hits_total{limit=\"fragments_per_message\"}");
  }

  /** Each would be a heap of its own, were it allocated as announced. */
  @Test
  void lengthsAboveTheLimitAreClosedAsSoonAsTheyAreAnnounced() {
    try (Crowd crowd = siege.upgraded(many, Siege.ECHO)) {
      crowd.send(frame(FIN | BINARY, 64, Integer.MAX_VALUE, EMPTY));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("1009");
    }
    siege.counts(many, "connections_closed_total{reason=\"message_too_big\"}");
  }

  /** As announced they would be 188 MiB, in a heap of 128. */
  @Test
  void messagesThatNeverEndTakeWhatWasSentOfThem() {
    try (Crowd crowd = siege.upgraded(scheme.of(3_000), Siege.ECHO)) {
      crowd.send(frame(FIN | BINARY, 64, 64 << 10, new byte[1 << 10])).awaitSent();
      crowd.send(new byte[1 << 10]).awaitSent();
      // Closed in the middle of the message: all that was before has been read by then.
      siege.finish(crowd);
    }
  }
}
