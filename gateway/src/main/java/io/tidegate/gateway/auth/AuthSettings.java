package io.tidegate.gateway.auth;

import java.time.Duration;
import java.util.Set;

/**
 * How clients say who they are.
 *
 * @param jwt how tokens of connections are verified
 * @param subscriptionJwt how subscription tokens are
 * @param sources where a token may stand; in any other place it is not looked at
 * @param firstFrameTimeout how long a connection without identity may stay silent
 * @param anonymous whether a client without a token is let in as nobody
 */
public record AuthSettings(
    JwtSettings jwt,
    JwtSettings subscriptionJwt,
    Set<TokenSource> sources,
    Duration firstFrameTimeout,
    boolean anonymous) {
  public AuthSettings {
    sources = Set.copyOf(sources);
    if (firstFrameTimeout.isNegative() || firstFrameTimeout.isZero()) {
      throw new IllegalArgumentException(
          "firstFrameTimeout: " + firstFrameTimeout + " (expected: > 0)");
    }
  }
}
