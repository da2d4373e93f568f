package io.tidegate.gateway.wire;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose code encrypts. */
public enum TlsEngine {
  /** BoringSSL where there is one, the JDK's otherwise. */
  AUTO,
  /** By a native library, for less CPU in a handshake and less memory after it. */
  BORINGSSL,
  /** What the JDK has; everywhere. */
  JDK;

  private static final Logger log = LoggerFactory.getLogger(TlsEngine.class);

  /**
   * The engine that this machine is going to use: never {@link #AUTO}.
   *
   * @throws IllegalArgumentException where it does not have the one that is named
   */
  public TlsEngine find() {
    if (this == JDK) {
      return JDK;
    }
    String problem = problem();
    if (problem == null) {
      return BORINGSSL;
    }
    if (this == BORINGSSL) {
      throw new IllegalArgumentException(
          "listen.tls.engine: boringssl (expected: auto or jdk on this machine; " + problem + ")");
    }
    log.info("tls=jdk because boringssl cannot be had: {}", problem);
    return JDK;
  }

  /** For Vert.x, of an engine that was found. */
  public SSLEngineOptions options() {
    return this == BORINGSSL ? new BoringSslOptions() : new JdkSSLEngineOptions();
  }

  /** The name in configuration, logs and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String problem() {
    if (!OpenSsl.isAvailable()) {
      return Natives.problem(OpenSsl.unavailabilityCause());
    }
    // OpenSSL itself, by a library of the operator's: its rules differ and nobody has tested them.
    String version = OpenSsl.versionString();
    return version.startsWith("BoringSSL") ? null : "the library is " + version;
  }
}
