package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import java.time.Clock;

/**
 * Believes signed subscription tokens: a user may subscribe to one channel. They are verified as
 * {@link JwtAuthenticator} verifies those of connections, maybe with other keys, and never stand in
 * for one: they name a channel, which the others must not. Thread-safe; verifies on the caller's
 * thread.
 *
 * <p>The grant ends with {@code expire_at} where present (0 = never), else with {@code exp}, else
 * never.
 */
public final class SubscriptionTokens {
  private final TokenVerifier verifier;

  private SubscriptionTokens(TokenVerifier verifier) {
    this.verifier = requireNonNull(verifier, "verifier");
  }

  /**
   * Loads the keys; blocks while it reads their files. Without any key every token is refused.
   *
   * @throws IllegalArgumentException naming the key or file that cannot be used, and why
   */
  public static SubscriptionTokens create(JwtSettings settings, Clock clock) {
    return new SubscriptionTokens(TokenVerifier.create(settings, clock));
  }

  /**
   * What {@code token} grants. Whether its user, channel and client are those of who brings it, is
   * the caller's to judge. Never blocks; fails with {@link AuthException} only.
   */
  public Future<SubscriptionGrant> verify(String token) {
    try {
      SubscriptionClaims claims = SubscriptionClaims.parse(verifier.payload(token));
      long end = verifier.end(claims.registered());
      return Future.succeededFuture(
          new SubscriptionGrant(
              claims.subject(), claims.channel(), claims.client(), claims.options().options(end)));
    } catch (AuthException e) {
      return Future.failedFuture(e);
    }
  }
}
