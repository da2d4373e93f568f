package io.tidegate.gateway.config;

import io.tidegate.gateway.auth.AuthSettings;
import io.tidegate.gateway.auth.JwtSettings;
import io.tidegate.gateway.auth.PublicKeys;
import io.tidegate.gateway.auth.TokenSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys of {@code auth}. */
final class AuthKeys {
  private AuthKeys() {}

  static Optional<AuthSettings> read(Section keys, Path base) {
    var jwt = jwt(keys.section("jwt", "How tokens are verified."), base);
    Section subscriptionKeys =
        keys.section(
            "subscription_jwt",
            "How subscription tokens are verified. Without a key here, as `auth.jwt` says; with one,"
                + " nothing of `auth.jwt` counts for them.");
    var subscriptionJwt = jwt(subscriptionKeys, base);
    boolean own = hasKey(subscriptionJwt);
    if (!own && (subscriptionKeys.isSet("issuer") || subscriptionKeys.isSet("audience"))) {
      keys.problem("subscription_jwt", "no key", "hmac_secret or public_keys beside the others");
    }
    List<TokenSource> sources =
        keys.list(
            "sources",
            Types.oneOf(TokenSource.class),
            List.of("header", "cookie", "subprotocol", "first_frame"),
            "Where a token may stand. `query` is off unless you ask for it, because addresses end up"
                + " in logs.");
    Duration timeout =
        keys.value(
            "first_frame_timeout",
            Types.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
            "10s",
            "How long a connection without a token in the request may take to bring one.");
    boolean anonymous =
        keys.value(
            "anonymous",
            Types.BOOL,
            "false",
            "Whether clients without a token are let in, as nobody.");
    if (!hasKey(jwt) && !anonymous) {
      keys.problem(
          "jwt",
          "no key",
          "hmac_secret or public_keys, or auth.anonymous: true; else no client gets in");
    }
    return keys.build(
        () ->
            new AuthSettings(
                jwt.orElseThrow(),
                (own ? subscriptionJwt : jwt).orElseThrow(),
                Set.copyOf(sources),
                timeout,
                anonymous));
  }

  /** Whether a key is there, be it a bad one, of which there is word already. */
  private static boolean hasKey(Optional<JwtSettings> jwt) {
    return jwt.map(JwtSettings::configured).orElse(true);
  }

  private static Optional<JwtSettings> jwt(Section keys, Path base) {
    String secret =
        keys.optional(
            "hmac_secret",
            Types.secret(32),
            "Secret of tokens signed with HS256, HS384 or HS512, shared with whoever signs them.");
    List<Path> publicKeys =
        keys.list(
            "public_keys",
            Types.file(base),
            List.of(),
            "PEM files, each with a public key or certificate (RSA, EC, Ed25519) of a signer.");
    String issuer =
        keys.optional(
            "issuer", Types.TEXT, "The `iss` that a token must carry. Absent accepts any.");
    String audience =
        keys.optional(
            "audience",
            Types.TEXT,
            "The `aud` that a token must carry. Absent accepts only tokens without one.");
    Duration skew =
        keys.value(
            "clock_skew",
            Types.duration(Duration.ZERO, Duration.ofMinutes(10)),
            "30s",
            "How far the signer's clock may be from ours.");
    publicKeys.forEach(file -> keys.check(() -> PublicKeys.requireUsable(file)));
    return keys.build(() -> new JwtSettings(secret, publicKeys, issuer, audience, skew));
  }
}
