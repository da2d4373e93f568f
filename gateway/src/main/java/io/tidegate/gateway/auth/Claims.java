package io.tidegate.gateway.auth;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.NotJsonException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the payload of a connection's token says, each claim of the right type and size; not yet
 * judged. Claims that the gateway does not know are skipped.
 */
record Claims(
    String subject,
    RegisteredClaims registered,
    @Nullable Payload info,
    Map<String, SubscriptionOptions> subscriptions,
    List<Capability> capabilities,
    @Nullable Payload meta) {
  static final int MAX_SUBJECT_BYTES = 255;
  static final int MAX_CHANNELS = 128;

  /** Reads {@code payload}, a JSON object. */
  static Claims parse(byte[] payload) throws AuthException {
    var collector = new Collector();
    ClaimReader.read(payload, collector::take);
    return collector.claims();
  }

  private static final class Collector {
    private final RegisteredClaims.Collector registered = new RegisteredClaims.Collector();
    private final Map<String, SubscriptionOptions> subscriptions = new HashMap<>();
    private @Nullable String subject;
    private @Nullable Payload info;
    private @Nullable Payload decodedInfo;
    private @Nullable Payload meta;
    private List<Capability> capabilities = List.of();

    void take(String name, ClaimReader value) throws AuthException, IOException, NotJsonException {
      switch (name) {
        case "sub" -> subject = value.string(name, MAX_SUBJECT_BYTES);
        case "info" -> info = value.json(name);
        case "b64info" -> decodedInfo = value.base64(name);
        case "meta" -> meta = value.json(name);
        case "channels" ->
            value
                .strings(name, MAX_CHANNELS)
                .forEach(channel -> subscriptions.putIfAbsent(channel, SubscriptionOptions.NONE));
        case "subs" -> value.object(name, this::subscription);
        case "caps" -> capabilities = CapabilityClaims.read(value);
        // A subscription token may be signed with the same keys and says less than a connection's.
        case "channel" -> throw ClaimReader.bad(name, "none in a connection's token");
        default -> registered.take(name, value);
      }
    }

    // What is said of a channel here holds, whether it also stands in channels or not.
    private void subscription(String channel, ClaimReader value)
        throws AuthException, IOException, NotJsonException {
      var options = new OptionClaims("subs.*.");
      value.object(
          "subs.*",
          (name, option) -> {
            if (!options.take(name, option)) {
              option.skip();
            }
          });
      subscriptions.put(
          ClaimReader.printable("subs", channel, ClaimReader.MAX_NAME_BYTES),
          options.options(Identity.NEVER));
    }

    Claims claims() throws AuthException {
      if (subject == null) {
        throw ClaimReader.bad("sub: none", "the user, empty for anonymous");
      }
      if (subscriptions.size() > MAX_CHANNELS) {
        throw ClaimReader.bad("channels, subs", "at most " + MAX_CHANNELS + " channels together");
      }
      return new Claims(
          subject,
          registered.claims(),
          decodedInfo != null ? decodedInfo : info,
          subscriptions,
          capabilities,
          meta);
    }
  }
}
