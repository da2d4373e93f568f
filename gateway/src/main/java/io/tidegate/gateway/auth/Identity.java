package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is, as a verified token or the configuration says.
 *
 * @param user empty for an anonymous client
 * @param info JSON shown to other clients in presence, joins and publications
 * @param subscriptions channels that the client is subscribed to from the start
 * @param capabilities what the token grants; the first that covers a channel decides
 * @param expiresAtMillis when the identity ends, milliseconds since the Unix epoch; {@link #NEVER}
 */
public record Identity(
    String user,
    @Nullable Payload info,
    Map<String, SubscriptionOptions> subscriptions,
    List<Capability> capabilities,
    long expiresAtMillis) {
  public static final long NEVER = Long.MAX_VALUE;

  public static final Identity ANONYMOUS = of("", null, NEVER);

  public Identity {
    requireNonNull(user, "user");
    subscriptions = Map.copyOf(subscriptions);
    capabilities = List.copyOf(capabilities);
  }

  /** One that is granted nothing by name. */
  public static Identity of(String user, @Nullable Payload info, long expiresAtMillis) {
    return new Identity(user, info, Map.of(), List.of(), expiresAtMillis);
  }

  /**
   * The same with no more of its subscriptions than their names, which is all that stays of use.
   */
  public Identity withNamesOnly() {
    if (subscriptions.isEmpty()) {
      return this;
    }
    var names = new HashMap<String, SubscriptionOptions>();
    subscriptions.keySet().forEach(channel -> names.put(channel, SubscriptionOptions.NONE));
    return new Identity(user, info, names, capabilities, expiresAtMillis);
  }

  public boolean anonymous() {
    return user.isEmpty();
  }

  /** Whether the token grants {@code right} in {@code channel}. */
  public boolean grants(Right right, String channel) {
    if (right == Right.SUBSCRIBE && subscriptions.containsKey(channel)) {
      return true;
    }
    for (Capability capability : capabilities) {
      if (capability.covers(channel)) {
        return capability.rights().contains(right);
      }
    }
    return false;
  }
}
