package io.tidegate.gateway.auth;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are verified.
 *
 * @param hmacSecret secret of HS256, HS384 and HS512; at least 32 bytes of UTF-8
 * @param publicKeys PEM files, each a public key or certificate of RSA, EC or Ed25519
 * @param issuer the {@code iss} that a token must carry; absent accepts any
 * @param audience the {@code aud} that a token must carry; absent accepts tokens without one only
 */
public record JwtSettings(
    @Nullable String hmacSecret,
    List<Path> publicKeys,
    @Nullable String issuer,
    @Nullable String audience,
    Duration clockSkew) {
  /** Keys at most, which bounds the signatures checked for one token. */
  private static final int MAX_KEYS = 16;

  public JwtSettings {
    publicKeys = List.copyOf(publicKeys);
    int keys = publicKeys.size() + (hmacSecret == null ? 0 : 1);
    if (keys > MAX_KEYS) {
      throw new IllegalArgumentException(
          "publicKeys: " + keys + " keys (expected: <= " + MAX_KEYS + ")");
    }
    if (clockSkew.isNegative() || clockSkew.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException("clockSkew: " + clockSkew + " (expected: 0s to 10m)");
    }
  }

  /** Whether any key is there to verify a token with. */
  public boolean configured() {
    return hmacSecret != null || !publicKeys.isEmpty();
  }

  /** Leaves the secret out. */
  @Override
  public String toString() {
    return "JwtSettings[hmacSecret="
        + (hmacSecret == null ? "none" : "***")
        + ", publicKeys="
        + publicKeys
        + "]";
  }
}
