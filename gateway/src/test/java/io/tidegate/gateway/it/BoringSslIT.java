package io.tidegate.gateway.it;

import io.tidegate.gateway.wire.TlsEngine;
import org.junit.jupiter.api.BeforeAll;

/** By BoringSSL. */
final class BoringSslIT extends TlsSuite {
  @BeforeAll
  static void require() {
    if (TlsEngine.AUTO.find() != TlsEngine.BORINGSSL) {
      throw Requires.missing("BoringSSL does not load here");
    }
  }

  @Override
  String engine() {
    return "boringssl";
  }
}
