package io.tidegate.gateway.edge;

import io.tidegate.gateway.wire.TlsEngine;
import java.nio.file.Path;

/**
 * A server certificate.
 *
 * @param certificate PEM file with the chain, leaf first
 * @param key PEM file with the private key, PKCS#8
 * @param minVersion {@code TLSv1.2} or {@code TLSv1.3}
 * @param engine whose code encrypts
 */
public record TlsSettings(Path certificate, Path key, String minVersion, TlsEngine engine) {
  public TlsSettings {
    if (!minVersion.equals("TLSv1.2") && !minVersion.equals("TLSv1.3")) {
      throw new IllegalArgumentException(
          "minVersion: " + minVersion + " (expected: TLSv1.2 or TLSv1.3)");
    }
  }
}
