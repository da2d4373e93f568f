package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Payload;
import org.jspecify.annotations.Nullable;

/**
 * What whoever granted a subscription says of it: a token or a backend.
 *
 * @param info JSON shown to others beside the client's own, as {@code chan_info}
 * @param data JSON that the client gets with the subscription
 * @param expiresAtMillis when the subscription ends, milliseconds since the Unix epoch; {@link
 *     Identity#NEVER}
 */
public record SubscriptionOptions(
    @Nullable Payload info, @Nullable Payload data, long expiresAtMillis, Overrides overrides) {
  public static final SubscriptionOptions NONE =
      new SubscriptionOptions(null, null, Identity.NEVER, Overrides.NONE);

  public SubscriptionOptions {
    requireNonNull(overrides, "overrides");
  }

  /**
   * What differs from the channel's namespace; absent where nothing does.
   *
   * @param joinLeave whether joins and leaves of this subscription are told to others
   * @param pushJoinLeave whether this subscription is told of joins and leaves, unasked
   */
  public record Overrides(
      @Nullable Boolean presence,
      @Nullable Boolean joinLeave,
      @Nullable Boolean pushJoinLeave,
      @Nullable Boolean positioned,
      @Nullable Boolean recover) {
    public static final Overrides NONE = new Overrides(null, null, null, null, null);
  }
}
