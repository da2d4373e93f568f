package io.tidegate.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Payload;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Makes tokens that a node with the same settings believes: for trying things and for the demo.
 * Thread-safe.
 */
public final class TokenMint {
  private final HmacKey key;
  private final JwtSettings settings;
  private final Clock clock;

  /** Takes settings with an HMAC secret; with public keys only, others alone can make tokens. */
  public TokenMint(JwtSettings settings, Clock clock) {
    String secret = settings.hmacSecret();
    if (secret == null) {
      throw new IllegalArgumentException("hmacSecret: none (expected: a secret to sign with)");
    }
    this.key = new HmacKey(secret.getBytes(UTF_8));
    this.settings = settings;
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Signs a token.
   *
   * @param info one JSON value, which is shown to other clients
   * @param channels that it grants by name
   */
  public String mint(
      String user, Duration ttl, @Nullable Payload info, Collection<String> channels) {
    long now = clock.instant().getEpochSecond();
    var claims =
        new JsonObject().put("sub", user).put("iat", now).put("exp", now + ttl.toSeconds());
    if (settings.issuer() != null) {
      claims.put("iss", settings.issuer());
    }
    if (settings.audience() != null) {
      claims.put("aud", settings.audience());
    }
    if (!channels.isEmpty()) {
      var names = new JsonArray();
      channels.forEach(names::add);
      claims.put("channels", names);
    }
    return sign(info == null ? claims.encode() : withInfo(claims.encode(), info));
  }

  // Spliced in, so that no number or escape of it changes on the way through a tree.
  private static String withInfo(String claims, Payload info) {
    return claims.substring(0, claims.length() - 1) + ",\"info\":" + info.text() + "}";
  }

  private String sign(String claims) {
    var signature = new JsonWebSignature();
    signature.setHeader("typ", "JWT");
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    signature.setKey(key);
    signature.setPayload(claims);
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException("signing with a checked secret", e);
    }
  }
}
