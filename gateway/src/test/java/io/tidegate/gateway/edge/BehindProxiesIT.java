package io.tidegate.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.Trust;
import io.tidegate.gateway.wire.TlsEngine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients' addresses as the public port takes them, shown by how many connections each may have:
 * one.
 */
final class BehindProxiesIT {
  private static final String PROXY = "127.0.0.2";
  private static final String STRANGER = "127.0.0.3";
  private static final String CLIENT = "203.0.113.7";
  private static final String HEADERS_REFUSED = "tidegate_proxy_headers_refused_total";
  private static final String FORWARDED_IGNORED = "tidegate_forwarded_ignored_total";

  private TestNode node = new TestNode(options(true));

  private void restart(NodeOptions options) {
    node.close();
    node = new TestNode(options);
  }

  private static NodeOptions options(boolean proxyProtocol) {
    return NodeOptions.of(TestNode.store()).behind(proxyProtocol, PROXY).perAddress(1);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PROXY TCP4 203.0.113.7 127.0.0.1 1 2\r\n", "PROXY TCP6 2001:db8::7 ::1 1 2\r\n"})
  void aProxysHeaderTellsTheClient(String header) {
    try (var first = from(PROXY).send(header).ask();
        var second = from(PROXY).send(header).ask();
        var other = from(PROXY).send("PROXY TCP4 203.0.113.8 127.0.0.1 1 2\r\n").ask()) {
      assertThat(first.status()).isEqualTo(101);
      assertThat(second.status()).isEqualTo(429);
      assertThat(second.rest())
          .contains("\"reason\":\"address_limit\"")
          .containsIgnoringCase("retry-after: ");
      assertThat(other.status()).isEqualTo(101);
    }
    assertThat(refusedUpgrades("address_limit")).isEqualTo(1);
  }

  @Test
  void tlsComesAfterTheHeader(@TempDir Path directory) throws Exception {
    Pems.certificate(directory, "tls", "EC");
    Path certificate = directory.resolve("tls.pem");
    var tls = new TlsSettings(certificate, directory.resolve("tls.key"), "TLSv1.2", TlsEngine.AUTO);
    restart(options(true).edge(List.of(), 10, tls));
    String header = "PROXY TCP4 " + CLIENT + " 127.0.0.1 1 2\r\n";
    try (var first = from(PROXY).send(header).tls(Trust.in(certificate)).ask();
        var second = from(PROXY).send(header).tls(Trust.in(certificate)).ask();
        var stranger = from(STRANGER).tls(Trust.in(certificate)).ask()) {
      assertThat(first.status()).isEqualTo(101);
      assertThat(second.status()).isEqualTo(429);
      assertThat(stranger.status()).isEqualTo(101);
    }
  }

  @Test
  void aPlaceIsFreeAgainWhenItsConnectionIsGone() {
    String header = "PROXY TCP4 " + CLIENT + " 127.0.0.1 1 2\r\n";
    for (int i = 0; i < 3; i++) {
      try (var upgrade = from(PROXY).send(header).ask()) {
        assertThat(upgrade.status()).isEqualTo(101);
      }
      await().until(() -> node.admission().connections() == 0);
    }
    try (var refused = from(PROXY).send(header).ask("Origin: https://evil.example.com")) {
      assertThat(refused.status()).isEqualTo(403);
    }
    try (var upgrade = from(PROXY).send(header).ask()) {
      assertThat(upgrade.status()).isEqualTo(101);
    }
  }

  @Test
  void aStrangersHeaderEndsItsConnectionAndIsCounted() {
    try (var forger =
        from(STRANGER).send("PROXY TCP4 " + CLIENT + " 127.0.0.1 1 2\r\n").request()) {
      assertThat(forger.isCut()).isTrue();
    }
    await().until(() -> node.handshakes() == 0);
    try (var honest = from(STRANGER).ask();
        var second = from(STRANGER).ask()) {
      assertThat(honest.status()).isEqualTo(101);
      assertThat(second.status()).as("counted as itself").isEqualTo(429);
    }
    assertThat(node.metric(HEADERS_REFUSED, "reason", "stranger")).isEqualTo(1);
  }

  @Test
  void aProxyHasToSendAHeader() {
    try (var without = from(PROXY).request();
        var rubbish = from(PROXY).send("PROXY TCP4 nobody nowhere 1 2\r\n")) {
      assertThat(without.isCut()).isTrue();
      assertThat(rubbish.isCut()).isTrue();
    }
    assertThat(node.metric(HEADERS_REFUSED, "reason", "missing")).isEqualTo(1);
    // Netty closes before it tells.
    await().until(() -> node.metric(HEADERS_REFUSED, "reason", "malformed") == 1);
    assertThat(node.admission().connections()).isZero();
  }

  @Test
  void theAddressOfAProxyIsNotCounted() {
    String own = "PROXY UNKNOWN\r\n";
    try (var first = from(PROXY).send(own).ask();
        var second = from(PROXY).send(own).ask()) {
      assertThat(first.status()).isEqualTo(101);
      assertThat(second.status()).isEqualTo(101);
    }
  }

  @Test
  void withoutTheSettingAHeaderIsNoRequest() {
    restart(options(false));
    try (var upgrade = from(PROXY).send("PROXY TCP4 " + CLIENT + " 127.0.0.1 1 2\r\n").ask()) {
      assertThat(upgrade.status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 1.1.1.1, 203.0.113.7",
        "Forwarded: for=1.1.1.1, for=\"203.0.113.7:50000\"",
        "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 203.0.113.7",
      })
  void aProxysForwardedHeaderTellsTheClient(String header) {
    restart(options(false));
    try (var first = from(PROXY).ask(header);
        var second = from(PROXY).ask(header);
        var other = from(PROXY).ask("X-Forwarded-For: 203.0.113.8")) {
      assertThat(first.status()).isEqualTo(101);
      assertThat(second.status()).isEqualTo(429);
      assertThat(other.status()).isEqualTo(101);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For: %s", "Forwarded: for=%s"})
  void aStrangersForwardedHeaderIsIgnoredAndCounted(String header) {
    restart(options(false));
    try (var first = from(STRANGER).ask(header.formatted("203.0.113.7"));
        var second = from(STRANGER).ask(header.formatted("203.0.113.8"))) {
      assertThat(first.status()).isEqualTo(101);
      assertThat(second.status()).isEqualTo(429);
    }
    assertThat(node.metric(FORWARDED_IGNORED, "reason", "stranger")).isEqualTo(2);
  }

  @Test
  void afterAProxyHeaderTheForwardedHeaderIsItsClients() {
    String header = "PROXY TCP4 " + CLIENT + " 127.0.0.1 1 2\r\n";
    try (var first = from(PROXY).send(header).ask("X-Forwarded-For: 1.1.1.1");
        var second = from(PROXY).send(header).ask("X-Forwarded-For: 2.2.2.2")) {
      assertThat(first.status()).isEqualTo(101);
      assertThat(second.status()).isEqualTo(429);
    }
    assertThat(node.metric(FORWARDED_IGNORED, "reason", "stranger")).isEqualTo(2);
  }

  @Test
  void aHopThatTellsNobodyIsCounted() {
    restart(options(false));
    try (var rubbish = from(PROXY).ask("X-Forwarded-For: rubbish");
        var hidden = from(PROXY).ask("Forwarded: for=_hidden")) {
      assertThat(rubbish.status()).isEqualTo(101);
      assertThat(hidden.status()).isEqualTo(101);
    }
    assertThat(node.metric(FORWARDED_IGNORED, "reason", "malformed")).isEqualTo(1);
    assertThat(node.metric(FORWARDED_IGNORED, "reason", "unidentified")).isEqualTo(1);
  }

  @Test
  void headersThatNameTwoClientsAreRefused() {
    restart(options(false));
    try (var upgrade =
        from(PROXY).ask("X-Forwarded-For: 203.0.113.7", "Forwarded: for=203.0.113.8")) {
      assertThat(upgrade.status()).isEqualTo(400);
      assertThat(upgrade.rest()).contains("\"reason\":\"conflicting_addresses\"");
    }
    assertThat(node.metric(FORWARDED_IGNORED, "reason", "conflicting")).isEqualTo(1);
    assertThat(refusedUpgrades("conflicting_addresses")).isEqualTo(1);
  }

  @Test
  void aPageWithoutTlsIsAnotherOriginWhereTheProxyHasTls() {
    restart(options(false));
    String page = "Origin: http://localhost";
    try (var tls = from(PROXY).ask(page, "X-Forwarded-Proto: https");
        var plain = from(PROXY).ask(page, "X-Forwarded-Proto: http");
        var stranger = from(STRANGER).ask(page, "X-Forwarded-Proto: https")) {
      assertThat(tls.status()).isEqualTo(403);
      assertThat(plain.status()).isEqualTo(101);
      assertThat(stranger.status()).isEqualTo(101);
    }
  }

  private RawUpgrade from(String address) {
    return RawUpgrade.from(address, node.port());
  }

  private double refusedUpgrades(String reason) {
    return node.metric("tidegate_upgrades_refused_total", "reason", reason);
  }
}
