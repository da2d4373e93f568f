package io.tidegate.gateway.auth;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.SubscriptionOptions.Overrides;
import io.tidegate.gateway.protocol.NotJsonException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what a token says of one subscription, in whatever order it comes. */
final class OptionClaims {
  private static final String PRESENCE = "presence";
  private static final String JOIN_LEAVE = "join_leave";
  private static final String PUSH_JOIN_LEAVE = "force_push_join_leave";
  private static final String POSITIONING = "force_positioning";
  private static final String RECOVERY = "force_recovery";
  private static final Set<String> OVERRIDES =
      Set.of(PRESENCE, JOIN_LEAVE, PUSH_JOIN_LEAVE, POSITIONING, RECOVERY);

  private final String prefix;
  private @Nullable Payload info;
  private @Nullable Payload decodedInfo;
  private @Nullable Payload data;
  private @Nullable Payload decodedData;
  private Overrides overrides = Overrides.NONE;

  /**
   * Begins with nothing.
   *
   * @param prefix goes before the names of claims in messages
   */
  OptionClaims(String prefix) {
    this.prefix = prefix;
  }

  /** Takes the claim at the cursor; false, and nothing is taken, where it is none of these. */
  boolean take(String name, ClaimReader value) throws AuthException, IOException, NotJsonException {
    switch (name) {
      case "info" -> info = value.json(prefix + name);
      case "b64info" -> decodedInfo = value.base64(prefix + name);
      case "data" -> data = value.json(prefix + name);
      case "b64data" -> decodedData = value.base64(prefix + name);
      case "override" -> overrides = overrides(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  SubscriptionOptions options(long expiresAtMillis) {
    return new SubscriptionOptions(
        decodedInfo != null ? decodedInfo : info,
        decodedData != null ? decodedData : data,
        expiresAtMillis,
        overrides);
  }

  private Overrides overrides(ClaimReader value)
      throws AuthException, IOException, NotJsonException {
    var found = new HashMap<String, Boolean>();
    value.object(
        prefix + "override",
        (name, override) -> {
          if (OVERRIDES.contains(name)) {
            override.object(
                prefix + "override." + name, (member, flag) -> flag(name, member, flag, found));
          } else {
            override.skip();
          }
        });
    return new Overrides(
        found.get(PRESENCE),
        found.get(JOIN_LEAVE),
        found.get(PUSH_JOIN_LEAVE),
        found.get(POSITIONING),
        found.get(RECOVERY));
  }

  /** Takes {@code "value": true} of the override {@code name}. */
  private void flag(String name, String member, ClaimReader value, Map<String, Boolean> found)
      throws AuthException, IOException {
    if (member.equals("value")) {
      found.put(name, value.bool(prefix + "override." + name + ".value"));
    } else {
      value.skip();
    }
  }
}
