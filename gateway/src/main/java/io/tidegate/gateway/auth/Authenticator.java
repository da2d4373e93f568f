package io.tidegate.gateway.auth;

import io.vertx.core.Future;

/**
 * Tells who a token's bearer is. Thread-safe; never blocks; fails with {@link AuthException} only.
 */
@FunctionalInterface
public interface Authenticator {
  Future<Identity> authenticate(String token);
}
