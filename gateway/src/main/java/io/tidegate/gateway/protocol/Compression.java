package io.tidegate.gateway.protocol;

/**
 * Compression of messages on the wire (permessage-deflate, RFC 7692).
 *
 * @param enabled whether clients that offer it get it
 * @param threshold bytes of the smallest message that is compressed
 * @param level of deflate, from 1 for fast to 9 for small
 */
public record Compression(boolean enabled, int threshold, int level) {
  /** A larger message would hold up its event loop for milliseconds, and goes out as it is. */
  static final int LARGEST = 128 << 10;

  public static final Compression OFF = new Compression(false, 256, 1);

  public Compression {
    if (threshold < 1) {
      throw new IllegalArgumentException("threshold: " + threshold + " (expected: >= 1)");
    }
    if (level < 1 || level > 9) {
      throw new IllegalArgumentException("level: " + level + " (expected: 1 to 9)");
    }
  }

  boolean worthwhile(int length, int deflatable) {
    return length <= deflatable && length >= threshold && length <= LARGEST;
  }
}
