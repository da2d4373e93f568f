package io.tidegate.gateway.wire;

import io.tidegate.gateway.protocol.CloseCode;

/** The peer broke a rule; what follows is not read. Without a stack trace: peers cause it. */
final class BadFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  private final CloseCode code;

  /**
   * A rule was broken.
   *
   * @param problem what was found and what was expected, for logs; nothing of the payload
   */
  BadFrameException(CloseCode code, String problem) {
    super(problem, null, false, false);
    this.code = code;
  }

  CloseCode code() {
    return code;
  }

  String problem() {
    return String.valueOf(getMessage());
  }
}
