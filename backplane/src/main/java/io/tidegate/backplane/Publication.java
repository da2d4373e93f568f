package io.tidegate.backplane;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a channel's stream.
 *
 * @param offset its number in the stream, from 1, without holes
 * @param info the publishing client, absent when a service published
 * @param timeMillis when the store appended it, milliseconds since the Unix epoch
 */
public record Publication(
    long offset,
    Payload data,
    @Nullable ClientInfo info,
    Map<String, String> tags,
    long timeMillis) {
  private static final int OVERHEAD = 64;

  public Publication {
    requireNonNull(data, "data");
    tags = Map.copyOf(tags);
    if (offset < 1) {
      throw new IllegalArgumentException("offset: " + offset + " (expected: >= 1)");
    }
  }

  /** About how many bytes it takes. */
  public int size() {
    return data.length() + OVERHEAD;
  }
}
