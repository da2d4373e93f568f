package io.tidegate.backplane.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to publish.
 *
 * @param tags shown to subscribers beside the data
 * @param idempotencyKey for a service that repeats a publish by itself, say after its own restart:
 *     of two with the same key and channel, within five minutes, the second appends nothing.
 *     Absent, the client draws one for each call
 */
public record PublishOptions(Map<String, String> tags, @Nullable String idempotencyKey) {
  /** No tags, and a key of the client's. */
  public static final PublishOptions DEFAULTS = new PublishOptions(Map.of(), null);

  public PublishOptions {
    tags = Map.copyOf(tags);
    if (idempotencyKey != null && idempotencyKey.isEmpty()) {
      throw new IllegalArgumentException("idempotencyKey: '' (expected: not empty)");
    }
  }

  public PublishOptions tags(Map<String, String> replaced) {
    return new PublishOptions(replaced, idempotencyKey);
  }

  public PublishOptions idempotencyKey(String replaced) {
    return new PublishOptions(tags, replaced);
  }
}
