package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Payload;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is, as a verified token or the configuration says.
 *
 * @param user empty for an anonymous client
 * @param info JSON shown to other clients in presence, joins and publications
 * @param channels channels that the token grants by name
 * @param expiresAtMillis when the identity ends, milliseconds since the Unix epoch; {@link #NEVER}
 */
public record Identity(
    String user, @Nullable Payload info, Set<String> channels, long expiresAtMillis) {
  public static final long NEVER = Long.MAX_VALUE;

  public static final Identity ANONYMOUS = new Identity("", null, Set.of(), NEVER);

  public Identity {
    requireNonNull(user, "user");
    channels = Set.copyOf(channels);
  }

  public boolean anonymous() {
    return user.isEmpty();
  }
}
