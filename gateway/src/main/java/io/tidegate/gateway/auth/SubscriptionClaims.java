package io.tidegate.gateway.auth;

import io.tidegate.gateway.protocol.NotJsonException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription token's payload says, each claim of the right type and size; not yet judged.
 * Claims that the gateway does not know are skipped.
 *
 * @param client the connection that alone may use it; absent for any of the user's
 */
record SubscriptionClaims(
    String subject,
    String channel,
    @Nullable String client,
    RegisteredClaims registered,
    OptionClaims options) {
  private static final int MAX_CLIENT_BYTES = 255;

  /** Reads {@code payload}, a JSON object. */
  static SubscriptionClaims parse(byte[] payload) throws AuthException {
    var collector = new Collector();
    ClaimReader.read(payload, collector::take);
    return collector.claims();
  }

  private static final class Collector {
    private final RegisteredClaims.Collector registered = new RegisteredClaims.Collector();
    private final OptionClaims options = new OptionClaims("");
    private @Nullable String subject;
    private @Nullable String channel;
    private @Nullable String client;

    void take(String name, ClaimReader value) throws AuthException, IOException, NotJsonException {
      switch (name) {
        case "sub" -> subject = value.string(name, Claims.MAX_SUBJECT_BYTES);
        case "channel" -> channel = value.string(name, ClaimReader.MAX_NAME_BYTES);
        case "client" -> client = value.string(name, MAX_CLIENT_BYTES);
        default -> {
          if (!options.take(name, value)) {
            registered.take(name, value);
          }
        }
      }
    }

    SubscriptionClaims claims() throws AuthException {
      if (subject == null) {
        throw ClaimReader.bad("sub: none", "the user, empty for anonymous");
      }
      // A connection's token has none: it opens connections and, by this check, no channel.
      if (channel == null || channel.isEmpty()) {
        throw ClaimReader.bad("channel: none", "the channel that it is for");
      }
      boolean anyone = client == null || client.isEmpty();
      return new SubscriptionClaims(
          subject, channel, anyone ? null : client, registered.claims(), options);
    }
  }
}
