package io.tidegate.gateway.hub;

/**
 * How much may wait for one event loop before subscribers of a channel are told of a gap instead.
 *
 * @param events publications, joins and leaves
 * @param bytes their payloads
 */
public record ShardBounds(int events, long bytes) {
  public static final ShardBounds DEFAULT = new ShardBounds(65_536, 64L << 20);

  public ShardBounds {
    if (events < 1) {
      throw new IllegalArgumentException("events: " + events + " (expected: >= 1)");
    }
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 1)");
    }
  }
}
