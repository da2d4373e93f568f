package io.tidegate.gateway.abuse;

import static io.tidegate.gateway.abuse.Requests.bytes;
import static io.tidegate.gateway.abuse.Requests.requestLines;
import static io.tidegate.gateway.abuse.Requests.times;
import static io.tidegate.gateway.abuse.Requests.upgrade;
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

/** What a client may do with its request, and with the answer to it. */
final class SlowHandshakeIT {
  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final int MANY = 300;
  private static final String LATE = refused("handshake_timeout");

  private static GatewayProcess node;
  private Siege siege;

  @BeforeAll
  static void start() {
    node = Siege.node(nodes, "plaintext: true, handshake_timeout: 2s", "", Map.of());
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
  void thoseWhoSayNothingAreCut() {
    try (Crowd crowd = siege.crowd(MANY)) {
      assertThat(crowd.awaitEnds()).containsOnlyKeys("cut");
    }
    siege.counts(MANY, LATE);
  }

  @Test
  void slowHeadersAreAnsweredWhenTheTimeIsOver() {
    try (Crowd crowd = siege.crowd(MANY).drip(times(100, bytes(requestLines(Siege.CLIENTS))))) {
      assertThat(crowd.awaitEnds()).containsOnlyKeys("408");
    }
    siege.counts(MANY, LATE);
  }

  @Test
  void headersThatNeverEndAreAnsweredWhenTheTimeIsOver() {
    try (Crowd crowd = siege.crowd(MANY).send(bytes(requestLines(Siege.CLIENTS)))) {
      assertThat(crowd.awaitEnds()).containsOnlyKeys("408");
    }
    siege.counts(MANY, LATE);
  }

  @Test
  void bodiesThatNeverComeAreRefusedAtOnce() {
    try (Crowd crowd = siege.crowd(MANY)) {
      crowd.send(upgrade(Siege.CLIENTS, "Content-Length: 1000000"));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("400");
    }
    siege.counts(MANY, refused("unexpected_body"));
  }

  @Test
  void slowBodiesAreRefusedAtOnce() {
    try (Crowd crowd = siege.crowd(MANY)) {
      crowd.send(upgrade(Siege.CLIENTS, "Transfer-Encoding: chunked")).drip(bytes("1\r\nx\r\n"));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("400");
    }
    siege.counts(MANY, refused("unexpected_body"));
  }

  @Test
  void headersAboveTheLimitAreRefusedWhileTheyAreStillComing() {
    byte[] field = bytes("X-More: " + "x".repeat(1_000) + "\r\n");
    try (Crowd crowd = siege.crowd(MANY).send(bytes(requestLines(Siege.CLIENTS)))) {
      crowd.send(field, 200);
      assertThat(crowd.awaitEnds()).containsOnlyKeys("431");
    }
    siege.counts(MANY, refused("headers_too_large"));
  }

  @Test
  void requestLinesAboveTheLimitAreRefusedWhileTheyAreStillComing() {
    try (Crowd crowd = siege.crowd(MANY).send(bytes("GET /connection/websocket?"))) {
      crowd.send(bytes("x".repeat(1_000)), 200);
      assertThat(crowd.awaitEnds()).containsOnlyKeys("414");
    }
    siege.counts(MANY, refused("uri_too_long"));
  }

  /** The second and all others are no requests: the first has ended HTTP, or the connection. */
  @Test
  void pipelinedRequestsGetOneAnswer() {
    try (Crowd crowd = siege.crowd(MANY)) {
      crowd.send(times(100, upgrade("/nowhere")));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("404");
    }
    siege.counts(MANY, refused("not_found"));
  }

  /** After the 101 a second request is a frame, and a bad one: RSV1 and a reserved opcode. */
  @Test
  void requestsPipelinedBehindAnUpgradeAreFrames() {
    try (Crowd crowd = siege.crowd(MANY)) {
      crowd.send(times(100, upgrade(Siege.CLIENTS)));
      assertThat(crowd.awaitEnds()).containsOnlyKeys("1002");
    }
    siege.counts(MANY, "connections_closed_total{reason=\"protocol_error\"}");
  }

  @Test
  void thoseWhoDoNotReadTheirRefusalAreCut() {
    try (Crowd crowd = siege.crowd(MANY).deafen()) {
      crowd.send(times(100, upgrade("/nowhere")));
      siege.counts(MANY, refused("not_found"));
      siege.awaitHandshakes(0);
      assertThat(crowd.listen().awaitEnds()).containsOnlyKeys("404");
    }
  }

  private static String refused(String reason) {
    return "upgrades_refused_total{reason=\"" + reason + "\"}";
  }
}
