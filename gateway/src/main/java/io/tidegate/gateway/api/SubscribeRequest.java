package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.auth.SubscriptionOptions.Overrides;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to subscribe, and how.
 *
 * @param since the position from which clients go on; absent for from now on
 */
public record SubscribeRequest(
    Target target, String channel, SubscriptionOptions options, @Nullable StreamPosition since)
    implements SessionRequest {
  static final Field<Long> EXPIRE_AT =
      Field.integer(
          "expire_at", 0, 0, Long.MAX_VALUE / 1_000, "Seconds since the Unix epoch; 0 for never.");

  private static final Field<String> CHANNEL = Field.channel("To which.");
  private static final Field<Payload> INFO =
      Field.json("info", "JSON that others see beside the client, as `chan_info`.");
  private static final Field<Payload> B64INFO =
      Field.base64("b64info", "The same in base64, in place of `info`.");
  private static final Field<Payload> DATA =
      Field.json("data", "JSON that the client gets with the subscription.");
  private static final Field<Payload> B64DATA =
      Field.base64("b64data", "The same in base64, in place of `data`.");
  private static final Field<Params> SINCE =
      Positions.field("recover_since", "The client gets what came after it.");

  private static final Field<Boolean> VALUE = Field.flag("value", "What holds.");
  private static final Field<Params> PRESENCE = override("presence", "Whether it has presence.");
  private static final Field<Params> JOIN_LEAVE =
      override("join_leave", "Whether others are told of its joins and leaves.");
  private static final Field<Params> PUSH_JOIN_LEAVE =
      override("force_push_join_leave", "Whether it is told of joins and leaves.");
  private static final Field<Params> POSITIONING =
      override("force_positioning", "Whether it is told when it missed something.");
  private static final Field<Params> RECOVERY =
      override("force_recovery", "Whether it can go on from a position.");
  private static final Field<Params> OVERRIDE =
      Field.object(
          "override",
          "What differs from the channel's namespace.",
          List.of(PRESENCE, JOIN_LEAVE, PUSH_JOIN_LEAVE, POSITIONING, RECOVERY));

  public SubscribeRequest {
    requireNonNull(target, "target");
    requireNonNull(channel, "channel");
    requireNonNull(options, "options");
  }

  static List<Field<?>> fields() {
    var fields = new ArrayList<Field<?>>(Target.FIELDS);
    fields.addAll(List.of(CHANNEL, INFO, B64INFO, DATA, B64DATA, EXPIRE_AT, SINCE, OVERRIDE));
    return fields;
  }

  static SubscribeRequest of(Params params) {
    Params since = SINCE.in(params);
    return new SubscribeRequest(
        Target.of(params),
        CHANNEL.of(params),
        new SubscriptionOptions(
            Body.optionalJson(params, INFO, B64INFO),
            Body.optionalJson(params, DATA, B64DATA),
            expiresAtMillis(params),
            overrides(OVERRIDE.in(params))),
        since == null ? null : Positions.of(since));
  }

  static long expiresAtMillis(Params params) {
    long seconds = EXPIRE_AT.of(params);
    return seconds == 0 ? Identity.NEVER : seconds * 1_000;
  }

  private static Field<Params> override(String name, String about) {
    return Field.object(name, about, List.of(VALUE));
  }

  private static Overrides overrides(@Nullable Params override) {
    return override == null
        ? Overrides.NONE
        : new Overrides(
            value(override, PRESENCE),
            value(override, JOIN_LEAVE),
            value(override, PUSH_JOIN_LEAVE),
            value(override, POSITIONING),
            value(override, RECOVERY));
  }

  private static @Nullable Boolean value(Params override, Field<Params> which) {
    Params given = which.in(override);
    return given == null ? null : VALUE.of(given);
  }
}
