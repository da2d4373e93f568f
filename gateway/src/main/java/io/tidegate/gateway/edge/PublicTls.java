package io.tidegate.gateway.edge;

import io.tidegate.gateway.wire.TlsEngine;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** TLS of the public port: 1.2 and 1.3, forward secrecy and authenticated encryption only. */
final class PublicTls {
  /** RFC 9325 section 4.2, in order of preference. */
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private PublicTls() {}

  /** Applies it; {@code engine} is one that was found. */
  static void apply(HttpServerOptions options, TlsSettings tls, TlsEngine engine) {
    options
        .setSsl(true)
        // The door in front keeps the time.
        .setSslHandshakeTimeout(0)
        .setSslEngineOptions(engine.options())
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(tls.certificate().toString())
                .setKeyPath(tls.key().toString()))
        .setEnabledSecureTransportProtocols(
            tls.minVersion().equals("TLSv1.3")
                ? Set.of("TLSv1.3")
                : new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2")))
        .setUseAlpn(true)
        .setAlpnVersions(List.of(HttpVersion.HTTP_1_1));
    SUITES.forEach(options::addEnabledCipherSuite);
  }
}
