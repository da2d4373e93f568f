package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The text of a close frame. */
final class CloseReasons {
  /** RFC 6455 section 5.5: 125 bytes of a control frame less two of the code. */
  static final int MAX_BYTES = 123;

  private CloseReasons() {}

  /** {@code reason}, cut at a character so that it fits. */
  static String fit(String reason) {
    int bytes = 0;
    for (int end = 0; end < reason.length(); ) {
      int next = reason.offsetByCodePoints(end, 1);
      bytes += reason.substring(end, next).getBytes(UTF_8).length;
      if (bytes > MAX_BYTES) {
        return reason.substring(0, end);
      }
      end = next;
    }
    return reason;
  }
}
