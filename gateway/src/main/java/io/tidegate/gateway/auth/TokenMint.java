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
   * Signs a token for a connection.
   *
   * @param info one JSON value, which is shown to other clients
   * @param granted channels, or patterns of them, in which it grants every right
   * @param subscribed channels that the connection is subscribed to from its start
   */
  public String mint(
      String user,
      Duration ttl,
      @Nullable Payload info,
      Collection<String> granted,
      Collection<String> subscribed) {
    JsonObject claims = claims(user, ttl);
    if (!granted.isEmpty()) {
      var allow = new JsonArray();
      for (Right right : Right.values()) {
        allow.add(right.claim());
      }
      var capability =
          new JsonObject()
              .put("channels", array(granted))
              .put("match", "wildcard")
              .put("allow", allow);
      claims.put("caps", new JsonArray().add(capability));
    }
    if (!subscribed.isEmpty()) {
      claims.put("channels", array(subscribed));
    }
    return sign(claims, info);
  }

  /**
   * Signs a subscription token.
   *
   * @param client the connection that alone may use it; absent for any of the user's
   * @param info one JSON value, which is shown to others in the channel
   */
  public String mintSubscription(
      String user, String channel, @Nullable String client, Duration ttl, @Nullable Payload info) {
    JsonObject claims = claims(user, ttl).put("channel", channel);
    if (client != null) {
      claims.put("client", client);
    }
    return sign(claims, info);
  }

  private JsonObject claims(String user, Duration ttl) {
    long now = clock.instant().getEpochSecond();
    var claims =
        new JsonObject().put("sub", user).put("iat", now).put("exp", now + ttl.toSeconds());
    if (settings.issuer() != null) {
      claims.put("iss", settings.issuer());
    }
    if (settings.audience() != null) {
      claims.put("aud", settings.audience());
    }
    return claims;
  }

  private static JsonArray array(Collection<String> texts) {
    var array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private String sign(JsonObject claims, @Nullable Payload info) {
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
