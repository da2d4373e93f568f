package io.tidegate.gateway.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.testing.ClientFrames;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.PlainClient;
import io.tidegate.gateway.testing.PlainClient.Frame;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How long a session on a raw route lives, and how much it may. */
final class RawLimitsIT {
  private static TestNode node(SessionLimits limits, Duration interval, Duration timeout) {
    NodeOptions options = NodeOptions.of(TestNode.store()).limits(limits);
    return new TestNode(
        options.sources(options.sources(), true).heartbeat(interval, timeout), TestNode.ECHO);
  }

  private static TestNode node(SessionLimits limits) {
    return node(limits, Duration.ofSeconds(25), Duration.ofSeconds(8));
  }

  private static double closed(TestNode node, CloseCode code) {
    return node.metric("tidegate_connections_closed_total", "reason", code.label());
  }

  /** A client on a bare socket, which answers no ping and reads nothing. */
  private static Socket silent(TestNode node) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
    String request =
        """
        GET /raw/echo HTTP/1.1
        Host: 127.0.0.1
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==

        """
            .replace("\n", "\r\n");
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1)).endsWith(" 101");
    return socket;
  }

  @Test
  void whoAnswersPingsOrSaysAnythingLivesAndWhoDoesNeitherIsClosed() throws Exception {
    try (TestNode node = node(TestNode.LIMITS, Duration.ofSeconds(2), Duration.ofSeconds(1));
        PlainClient answering = PlainClient.open(node.uri("echo"));
        Socket talking = silent(node)) {
      for (int gone = 1; gone <= 2; gone++) {
        int expected = gone;
        try (Socket silent = silent(node)) {
          await()
              .until(
                  () -> {
                    talking.getOutputStream().write(ClientFrames.text("here"));
                    return silent.isConnected() && closed(node, CloseCode.NO_PONG) == expected;
                  });
        }
      }
      assertThat(answering.text("alive").await(1)).containsExactly(Frame.text("alive"));
      assertThat(closed(node, CloseCode.NO_PONG)).isEqualTo(2);
    }
  }

  @Test
  void framesOverTheRateCloseAtOnce() {
    try (TestNode node = node(new SessionLimits(4_096, 5, 0, 1, 100, 16, 64, 1 << 20));
        PlainClient ann = PlainClient.open(node.uri("echo"))) {
      for (int i = 0; i < 50; i++) {
        ann.text("" + i);
      }
      assertThat(ann.awaitClose()).isEqualTo(CloseCode.TOO_MANY_REQUESTS.code());
      assertThat(ann.frames()).hasSizeBetween(5, 40);
      assertThat(node.metric("tidegate_limit_hits_total", "limit", "messages_per_second"))
          .isEqualTo(1);
    }
  }

  @Test
  void bytesOverTheRateCloseAtOnce() {
    try (TestNode node = node(new SessionLimits(1_024, 0, 2_048, 1, 100, 16, 64, 1 << 20));
        PlainClient ann = PlainClient.open(node.uri("echo"))) {
      for (int i = 0; i < 20; i++) {
        ann.binary(new byte[1_000]);
      }
      assertThat(ann.awaitClose()).isEqualTo(CloseCode.TOO_MANY_REQUESTS.code());
      assertThat(node.metric("tidegate_limit_hits_total", "limit", "bytes_per_second"))
          .isEqualTo(1);
    }
  }

  @Test
  void whoSendsAndReadsNothingIsClosedAsSlow() throws Exception {
    try (TestNode node = node(new SessionLimits(64 << 10, 0, 0, 1, 5, 16, 64, 64 << 10));
        Socket slow = silent(node)) {
      byte[] frame = ClientFrames.binary(new byte[60_000]);
      var cut = new AtomicBoolean();
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                try {
                  slow.getOutputStream().write(frame);
                } catch (IOException e) {
                  cut.set(true);
                }
                return cut.get() || closed(node, CloseCode.SLOW) == 1;
              });
      assertThat(closed(node, CloseCode.SLOW)).isEqualTo(1);
    }
  }

  @Test
  void aSessionEndsWithItsTokenSinceNobodyCouldRefreshIt() {
    try (TestNode node = node(TestNode.LIMITS)) {
      long exp = System.currentTimeMillis() / 1_000 + 2;
      String token = TestTokens.of(new JsonObject().put("sub", "ann").put("exp", exp));
      try (PlainClient ann = PlainClient.as(token, node.uri("echo"))) {
        assertThat(ann.text("x").await(1)).hasSize(1);
        assertThat(ann.awaitClose()).isEqualTo(CloseCode.EXPIRED.code());
      }
    }
  }

  @Test
  void aDrainClosesWhoIsThereAndWhoComesLate() {
    try (TestNode node = node(TestNode.LIMITS);
        PlainClient ann = PlainClient.open(node.uri("echo"))) {
      assertThat(ann.text("x").await(1)).hasSize(1);
      TestNode.await(node.sessions().drain(CloseCode.SHUTDOWN, 0));
      assertThat(ann.awaitClose()).isEqualTo(CloseCode.SHUTDOWN.code());
      try (PlainClient late = PlainClient.open(node.uri("echo"))) {
        assertThat(late.awaitClose()).isEqualTo(CloseCode.SHUTDOWN.code());
      }
    }
  }
}
