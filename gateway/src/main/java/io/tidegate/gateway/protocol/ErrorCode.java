package io.tidegate.gateway.protocol;

/**
 * What a command can be answered with instead of a result. The numbers and texts are those of the
 * client protocol; a temporary error tells the client to repeat the command later.
 */
public enum ErrorCode {
  INTERNAL(100, "internal server error", true, CloseCode.SERVER_ERROR),
  UNAUTHORIZED(101, "unauthorized", false, CloseCode.INVALID_TOKEN),
  UNKNOWN_CHANNEL(102, "unknown channel", false, CloseCode.BAD_REQUEST),
  PERMISSION_DENIED(103, "permission denied", false, CloseCode.PERMISSION_DENIED),
  METHOD_NOT_FOUND(104, "method not found", false, CloseCode.NOT_AVAILABLE),
  ALREADY_SUBSCRIBED(105, "already subscribed", false, CloseCode.BAD_REQUEST),
  LIMIT_EXCEEDED(106, "limit exceeded", false, CloseCode.CHANNEL_LIMIT),
  BAD_REQUEST(107, "bad request", false, CloseCode.BAD_REQUEST),
  NOT_AVAILABLE(108, "not available", false, CloseCode.NOT_AVAILABLE),
  TOKEN_EXPIRED(109, "token expired", false, CloseCode.EXPIRED),
  EXPIRED(110, "expired", false, CloseCode.EXPIRED),
  TOO_MANY_REQUESTS(111, "too many requests", true, CloseCode.TOO_MANY_REQUESTS),
  UNRECOVERABLE_POSITION(112, "unrecoverable position", false, CloseCode.INSUFFICIENT_STATE),
  CONCURRENT_PAGINATION(113, "concurrent pagination", true, CloseCode.SERVER_ERROR);

  private final int code;
  private final String message;
  private final boolean temporary;
  private final CloseCode closeCode;

  ErrorCode(int code, String message, boolean temporary, CloseCode closeCode) {
    this.code = code;
    this.message = message;
    this.temporary = temporary;
    this.closeCode = closeCode;
  }

  public int code() {
    return code;
  }

  public String message() {
    return message;
  }

  /** Whether repeating the same command later can succeed. */
  public boolean temporary() {
    return temporary;
  }

  /** What a connection is closed with whose client cannot be told of the error. */
  public CloseCode closeCode() {
    return closeCode;
  }
}
