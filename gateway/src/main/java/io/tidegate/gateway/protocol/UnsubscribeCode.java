package io.tidegate.gateway.protocol;

/** Why the server ended a subscription. From 2500 on the client subscribes again by itself. */
public enum UnsubscribeCode {
  SERVER(2000, "server unsubscribe"),
  INSUFFICIENT_STATE(2500, "insufficient state"),
  EXPIRED(2501, "subscription expired"),
  STATE_INVALIDATED(2502, "state invalidated");

  private final int code;
  private final String reason;

  UnsubscribeCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  public boolean resubscribe() {
    return code >= 2500;
  }
}
