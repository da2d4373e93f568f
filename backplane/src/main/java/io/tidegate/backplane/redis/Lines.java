package io.tidegate.backplane.redis;

/** Finds the end of the line with which most values in the store begin. */
final class Lines {
  private Lines() {}

  /** Where the line that begins at {@code from} ends. */
  static int end(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    throw new IllegalArgumentException("value: no line (expected: a line end)");
  }
}
