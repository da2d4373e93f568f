package io.tidegate.loadtest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The token of each client: one for all, one made for each with a user of its own, or none.
 * Immutable.
 *
 * @param expiresSeconds since 1970, of tokens that are made
 */
record Tokens(@Nullable String token, @Nullable String secret, String user, long expiresSeconds) {
  private static final int SECRET_BYTES = 32;

  Tokens {
    Usage.require(token == null || secret == null, "--secret", "...", "not together with --token");
    boolean long_ =
        secret == null || secret.getBytes(StandardCharsets.UTF_8).length >= SECRET_BYTES;
    Usage.require(long_, "--secret", "...", "at least 32 bytes");
  }

  static Tokens of(
      @Nullable String token, @Nullable String secret, String user, long now, Duration valid) {
    return new Tokens(token, secret, user, now + valid.toSeconds());
  }

  @Nullable String of(int client) {
    if (secret == null) {
      return token;
    }
    var claims = new JwtClaims();
    claims.setSubject(user + "-" + client);
    claims.setExpirationTime(NumericDate.fromSeconds(expiresSeconds));
    var signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    signature.setKey(new HmacKey(secret.getBytes(StandardCharsets.UTF_8)));
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new LoadTestException("no token could be made: " + e.getMessage());
    }
  }
}
