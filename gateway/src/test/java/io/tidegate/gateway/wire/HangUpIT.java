package io.tidegate.gateway.wire;

import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.TEXT;
import static io.tidegate.gateway.testing.ClientFrames.close;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static io.tidegate.gateway.testing.ClientFrames.text;
import static io.tidegate.gateway.testing.ClientFrames.unmasked;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.edge.TlsSettings;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.tidegate.gateway.testing.Trust;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of real connections: the peer reads why, and the node keeps no socket. */
final class HangUpIT {
  private static final String HOST = "127.0.0.1";

  @TempDir private Path directory;
  private @Nullable TestNode node;

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "none, ''",
    "JDK, TLSv1.2",
    "JDK, TLSv1.3",
    "BORINGSSL, TLSv1.2",
    "BORINGSSL, TLSv1.3"
  })
  void closeFrameOutlivesWhatTheClientGoesOnSending(String engine, String version)
      throws Exception {
    try (RawUpgrade client = connected(engine, version)) {
      client.send(unmasked(FIN | TEXT, new byte[1]));
      byte[] more = frame(FIN | TEXT, new byte[60_000]);
      for (int i = 0; i < 100; i++) {
        client.send(more);
      }
      assertThat(client.rest()).endsWith(closeFrame(1002, "protocol error"));
    }
    untilGone();
  }

  @ParameterizedTest
  @CsvSource({"none, ''", "JDK, TLSv1.3", "BORINGSSL, TLSv1.3"})
  void closeOfTheClientIsAnsweredAndOurSideShut(String engine, String version) throws Exception {
    try (RawUpgrade client = connected(engine, version)) {
      client.send(close(4321, "bye")).send(text("late"));
      assertThat(client.rest()).endsWith(closeFrame(4321, ""));
    }
    untilGone();
  }

  @Test
  void clientThatNeverShutsItsSideIsCutOff() throws Exception {
    try (RawUpgrade client = connected("none", "")) {
      client.send(close(1000, ""));
      assertThat(client.rest()).endsWith(closeFrame(1000, ""));
      untilGone();
    }
  }

  private RawUpgrade connected(String engine, String version) throws Exception {
    boolean plain = engine.equals("none");
    Pems.certificate(directory, "tls", "EC");
    TlsSettings tls =
        plain
            ? null
            : new TlsSettings(
                directory.resolve("tls.pem"),
                directory.resolve("tls.key"),
                "TLSv1.2",
                TlsEngine.valueOf(engine));
    node = new TestNode(NodeOptions.of(TestNode.store()).edge(List.of(), 10, tls));
    RawUpgrade client = RawUpgrade.from(HOST, node.port());
    if (!plain) {
      client.tls(Trust.in(directory.resolve("tls.pem"), version));
    }
    client.ask("Authorization: Bearer " + TestTokens.of("ann"));
    assertThat(client.status()).isEqualTo(101);
    return client;
  }

  private TestNode node() {
    if (node == null) {
      throw new IllegalStateException("node: none");
    }
    return node;
  }

  private void untilGone() {
    await().atMost(Duration.ofSeconds(20)).until(() -> node().admission().connections() == 0);
  }

  private static String closeFrame(int code, String reason) {
    return Buffer.buffer()
        .appendByte((byte) 0x88)
        .appendByte((byte) (2 + reason.length()))
        .appendUnsignedShort(code)
        .appendString(reason)
        .toString(ISO_8859_1);
  }
}
