package io.tidegate.backplane.client;

import static java.util.Objects.requireNonNull;

/**
 * A gateway understood the call and refuses it: the namespace is unknown, say, or keeps no history.
 * Nothing was done, and to repeat the call is of no use. Without a stack trace: it is an answer.
 */
public final class ClientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  ClientException(int code, String message) {
    super(requireNonNull(message, "message"), null, false, false);
    this.code = code;
  }

  /** A code of the server API. */
  public int code() {
    return code;
  }
}
