package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import java.time.Clock;

/**
 * Believes signed tokens of connections, as {@link TokenVerifier} judges them. Thread-safe;
 * verifies on the caller's thread.
 *
 * <p>Who it is: {@code sub} must be there; an empty one is an anonymous client, vouched for by the
 * issuer.
 */
public final class JwtAuthenticator implements Authenticator {
  private final TokenVerifier verifier;

  private JwtAuthenticator(TokenVerifier verifier) {
    this.verifier = requireNonNull(verifier, "verifier");
  }

  /**
   * Loads the keys; blocks while it reads their files. Without any key every token is refused.
   *
   * @throws IllegalArgumentException naming the key or file that cannot be used, and why
   */
  public static JwtAuthenticator create(JwtSettings settings, Clock clock) {
    return new JwtAuthenticator(TokenVerifier.create(settings, clock));
  }

  @Override
  public Future<Identity> authenticate(String token) {
    try {
      Claims claims = Claims.parse(verifier.payload(token));
      long end = verifier.end(claims.registered());
      return Future.succeededFuture(
          new Identity(
              claims.subject(), claims.info(), claims.subscriptions(), claims.capabilities(), end));
    } catch (AuthException e) {
      return Future.failedFuture(e);
    }
  }
}
