package io.tidegate.backplane;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A publication on its way in; {@code data} is already validated.
 *
 * @param idempotencyKey a second publish to the channel with this key, within {@link
 *     Backplane#IDEMPOTENCY_WINDOW}, appends nothing and answers the first one's position
 */
public record PublishRequest(
    String channel,
    Payload data,
    StreamPolicy policy,
    @Nullable ClientInfo info,
    Map<String, String> tags,
    @Nullable String idempotencyKey) {
  public PublishRequest {
    requireNonNull(channel, "channel");
    requireNonNull(data, "data");
    requireNonNull(policy, "policy");
    tags = Map.copyOf(tags);
  }

  public static PublishRequest of(String channel, Payload data, StreamPolicy policy) {
    return new PublishRequest(channel, data, policy, null, Map.of(), null);
  }
}
