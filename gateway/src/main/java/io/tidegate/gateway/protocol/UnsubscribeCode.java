package io.tidegate.gateway.protocol;

import java.util.Locale;

/** Why the server ended a subscription. From 2500 on the client subscribes again by itself. */
public enum UnsubscribeCode {
  SERVER(2000, "server unsubscribe"),
  INSUFFICIENT_STATE(2500, "insufficient state"),
  EXPIRED(2501, "subscription expired"),
  STATE_INVALIDATED(2502, "state invalidated");

  private final int code;
  private final String reason;
  private final String label;

  UnsubscribeCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
    this.label = name().toLowerCase(Locale.ROOT);
  }

  public int code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  /** The name in metrics. */
  public String label() {
    return label;
  }

  public boolean resubscribe() {
    return code >= 2500;
  }
}
