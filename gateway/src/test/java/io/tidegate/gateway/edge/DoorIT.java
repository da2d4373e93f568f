package io.tidegate.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.testing.HeldAuthenticator;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.tidegate.gateway.testing.Trust;
import io.tidegate.gateway.wire.TlsEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many sockets may wait for their 101, for how long, and how they end without one. */
final class DoorIT {
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration LATE = Duration.ofSeconds(30);
  private static final String REFUSED = "tidegate_upgrades_refused_total";

  private @Nullable TestNode node;

  @CanIgnoreReturnValue
  private TestNode start(NodeOptions options) {
    TestNode started = new TestNode(options);
    node = started;
    return started;
  }

  private static NodeOptions options(Duration timeout) {
    return NodeOptions.of(TestNode.store())
        .sources(EnumSet.allOf(TokenSource.class), true)
        .door(timeout, 1_000);
  }

  private static NodeOptions tls(Path directory, NodeOptions options) throws Exception {
    Pems.certificate(directory, "tls", "EC");
    Path key = directory.resolve("tls.key");
    var tls = new TlsSettings(directory.resolve("tls.pem"), key, "TLSv1.2", TlsEngine.AUTO);
    return options.edge(List.of(), 1_000, tls);
  }

  @AfterEach
  void close() {
    if (node != null) {
      node.close();
    }
  }

  @Test
  void whoeverSaysNothingIsCutAtTheDeadline() {
    TestNode node = start(options(SOON));
    try (var silent = from("127.0.0.1")) {
      assertThat(silent.isCut()).isTrue();
    }
    refused("handshake_timeout", 1);
    await().until(() -> node.handshakes() == 0);
  }

  @Test
  void halfARequestIsAnsweredAtTheDeadline() {
    start(options(SOON));
    try (var slow = from("127.0.0.1").send("GET / HTTP/1.1\r\nHost: a\r\n")) {
      assertThat(slow.answer().status()).isEqualTo(408);
      assertThat(slow.rest()).contains("Connection: close", "\"reason\":\"handshake_timeout\"");
    }
    refused("handshake_timeout", 1);
  }

  @Test
  void aByteNowAndThenGainsNoTime() {
    start(options(SOON));
    try (var slow = from("127.0.0.1").send("GET / HTTP/1.1\r\na: ")) {
      await()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                slow.send("b");
                return node().metric(REFUSED, "reason", "handshake_timeout") == 1;
              });
      assertThat(slow.answer().status()).isEqualTo(408);
    }
  }

  @Test
  void aCheckOfTheTokenThatTakesTooLongIsAnsweredForIt() {
    var held = new HeldAuthenticator();
    TestNode node = start(options(SOON).authenticator(held::before));
    String token = "Authorization: Bearer " + TestTokens.of("ann");
    try (var client = from("127.0.0.1").ask(token)) {
      assertThat(client.status()).isEqualTo(503);
      assertThat(client.rest()).contains("\"reason\":\"authentication_timeout\"");
    }
    assertThat(node.metric(REFUSED, "reason", "authentication_timeout")).isEqualTo(1);
    assertThat(node.admission().connections()).isEqualTo(1);

    held.asked().run();

    await().until(() -> node.admission().connections() == 0);
    assertThat(node.handshakes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0016\u0003\u0001\u0000\u00ff"})
  void theTlsHandshakeIsWithinTheDeadline(String begun, @TempDir Path directory) throws Exception {
    start(tls(directory, options(SOON)));
    try (var slow = from("127.0.0.1").send(begun)) {
      assertThat(slow.isCut()).isTrue();
    }
    refused("handshake_timeout", 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PROXY TCP4 203.0.113"})
  void theHeaderOfAProxyIsWithinTheDeadline(String begun) {
    start(options(SOON).behind(true, "127.0.0.2"));
    try (var slow = from("127.0.0.2").send(begun)) {
      assertThat(slow.isCut()).isTrue();
    }
    refused("handshake_timeout", 1);
  }

  @Test
  void theDeadlineEndsWithThe101() {
    TestNode node = start(options(SOON));
    try (var client = from("127.0.0.1").ask();
        var late = from("127.0.0.1")) {
      assertThat(client.status()).isEqualTo(101);
      assertThat(late.isCut()).isTrue();
      assertThat(node.admission().connections()).isEqualTo(1);
      await().until(() -> node.handshakes() == 0);
    }
  }

  @Test
  void oneSocketTooManyIsCutAndCounted() {
    TestNode node = start(options(LATE).door(LATE, 2));
    try (var first = from("127.0.0.1");
        var second = from("127.0.0.1").ask()) {
      await().until(() -> node.handshakes() == 1);
      try (var third = from("127.0.0.1")) {
        await().until(() -> node.handshakes() == 2);
        try (var fourth = from("127.0.0.1")) {
          assertThat(fourth.isCut()).isTrue();
        }
        assertThat(second.status()).isEqualTo(101);
        assertThat(third.ask().status()).isEqualTo(101);
      }
      assertThat(first.ask().status()).isEqualTo(101);
    }
    refused("handshake_limit", 1);
  }

  @Test
  void oneAddressMayNotTakeEveryPlace() {
    TestNode node = start(options(LATE).perAddress(2));
    try (var first = from("127.0.0.2");
        var second = from("127.0.0.2")) {
      await().until(() -> node.handshakes() == 2);
      try (var third = from("127.0.0.2");
          var other = from("127.0.0.3").ask()) {
        assertThat(third.isCut()).isTrue();
        assertThat(other.status()).isEqualTo(101);
      }
      assertThat(first.ask().status()).isEqualTo(101);
      assertThat(second.ask().status()).isEqualTo(101);
    }
    refused("address_limit", 1);
  }

  /** Closed while bytes wait unread, a socket is reset, and the reset takes the answer with it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoeverStillSendsGetsItsRefusal(boolean tls, @TempDir Path directory) throws Exception {
    start(tls ? tls(directory, options(LATE)) : options(LATE));
    for (int i = 0; i < 10; i++) {
      try (var client = from("127.0.0.1")) {
        RawUpgrade sender = tls ? client.tls(Trust.in(directory.resolve("tls.pem"))) : client;
        sender.request("Content-Length: 1000000000");
        for (int sent = 0; sent < 500; sent++) {
          sender.send(new byte[10_000]);
        }
        assertThat(sender.answer().status()).isEqualTo(400);
        assertThat(sender.rest()).endsWith("}").contains("\"reason\":\"unexpected_body\"");
      }
    }
    await().until(() -> node().handshakes() == 0);
  }

  @Test
  void whoeverDoesNotEndAfterItsRefusalIsCut() {
    TestNode node = start(options(LATE));
    try (var client = from("127.0.0.1").ask("Sec-WebSocket-Version: 13")) {
      assertThat(client.status()).isEqualTo(426);
      assertThat(node.handshakes()).isEqualTo(1);
      await().until(() -> node.handshakes() == 0);
    }
  }

  @Test
  void aSecondRequestBehindTheFirstIsNeverRead() {
    TestNode node = start(options(LATE));
    String request = "GET /elsewhere HTTP/1.1\r\nHost: a\r\n\r\n";
    try (var client = from("127.0.0.1").send(request.repeat(3))) {
      assertThat(client.answer().status()).isEqualTo(404);
      assertThat(client.rest()).doesNotContain("HTTP/1.1");
    }
    assertThat(node.metric(REFUSED, "reason", "not_found")).isEqualTo(1);
  }

  private RawUpgrade from(String address) {
    return RawUpgrade.from(address, node().port());
  }

  private TestNode node() {
    if (node == null) {
      throw new IllegalStateException("node: not started");
    }
    return node;
  }

  private void refused(String reason, int times) {
    await().until(() -> node().metric(REFUSED, "reason", reason) >= times);
    assertThat(node().metric(REFUSED, "reason", reason)).isEqualTo(times);
  }
}
