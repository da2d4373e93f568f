package io.tidegate.gateway.auth;

import io.tidegate.gateway.protocol.NotJsonException;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims by which any token is judged. Times are milliseconds since the Unix epoch.
 *
 * @param audience absent where the token has no {@code aud}; it may hold an empty array
 * @param expireAt ends what the token grants in place of {@code exp}; 0 for never
 */
record RegisteredClaims(
    @Nullable String issuer,
    @Nullable Set<String> audience,
    @Nullable Long expires,
    @Nullable Long notBefore,
    @Nullable Long issuedAt,
    @Nullable Long expireAt) {

  /** Collects them, in whatever order they come. */
  static final class Collector {
    private static final int MAX_AUDIENCES = 32;

    private @Nullable String issuer;
    private @Nullable Set<String> audience;
    private @Nullable Long expires;
    private @Nullable Long notBefore;
    private @Nullable Long issuedAt;
    private @Nullable Long expireAt;

    /** Takes the claim at the cursor, or passes over it where it is none of these. */
    void take(String name, ClaimReader value) throws AuthException, IOException, NotJsonException {
      switch (name) {
        case "iss" -> issuer = value.string(name, ClaimReader.MAX_NAME_BYTES);
        case "aud" -> audience = value.stringOrStrings(name, MAX_AUDIENCES);
        case "exp" -> expires = value.millis(name);
        case "nbf" -> notBefore = value.millis(name);
        case "iat" -> issuedAt = value.millis(name);
        case "expire_at" -> expireAt = value.millis(name);
        default -> value.skip();
      }
    }

    RegisteredClaims claims() {
      return new RegisteredClaims(issuer, audience, expires, notBefore, issuedAt, expireAt);
    }
  }
}
