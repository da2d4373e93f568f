package io.tidegate.gateway.config;

import io.tidegate.gateway.edge.TlsSettings;
import io.tidegate.gateway.wire.TlsEngine;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** The keys of a certificate, and whether its two files are what they should be. */
final class TlsKeys {
  private TlsKeys() {}

  /** Absent where no certificate is given, or a bad one. */
  static Optional<TlsSettings> read(Section keys, Path base) {
    Path certificate =
        keys.optional(
            "certificate",
            Types.file(base),
            "PEM file with the chain, the server's own certificate first.");
    Path key =
        keys.optional(
            "key",
            Types.file(base),
            "PEM file with its private key: PKCS#8 (`BEGIN PRIVATE KEY`) of RSA or EC, not"
                + " encrypted.");
    String minVersion =
        keys.value(
            "min_version", Types.oneOf("TLSv1.2", "TLSv1.3"), "TLSv1.2", "The oldest TLS allowed.");
    TlsEngine engine =
        keys.value(
            "engine",
            Types.oneOf(TlsEngine.class),
            "auto",
            "Whose code encrypts: `boringssl`, a native library that comes along for Linux, or `jdk`."
                + " `auto` takes the first where it works; one that is named has to.");
    if (keys.isSet("certificate") != keys.isSet("key")) {
      keys.problem(
          keys.isSet("key") ? "certificate" : "key", "missing", "a file, beside the other one");
    }
    if (certificate == null || key == null) {
      return Optional.empty();
    }
    check(keys, certificate, key);
    return keys.build(() -> new TlsSettings(certificate, key, minVersion, engine));
  }

  private static void check(Section keys, Path certificateFile, Path keyFile) {
    X509Certificate certificate = PemFiles.certificate(certificateFile);
    PrivateKey key = PemFiles.privateKey(keyFile);
    if (certificate == null) {
      keys.problem(
          "certificate",
          "'" + certificateFile + "'",
          "a PEM file with one or more X.509 certificates");
    }
    if (key == null) {
      keys.problem(
          "key",
          "'" + keyFile + "'",
          "a PEM file with an unencrypted PKCS#8 private key of RSA or EC;"
              + " `openssl pkcs8 -topk8 -nodes -in KEY` makes one of other forms");
    }
    if (certificate != null
        && key != null
        && !PemFiles.belongTogether(key, certificate.getPublicKey())) {
      keys.problem(
          "key", "'" + keyFile + "'", "the private key of the first certificate in the other file");
    }
  }
}
