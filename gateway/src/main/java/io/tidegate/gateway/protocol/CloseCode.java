package io.tidegate.gateway.protocol;

import java.util.Locale;

/**
 * Why a connection was closed, as the close frame says it. 3000-3499 tell the client to reconnect,
 * 3500-3999 not to; 1009 is final, 1000-1008 are not. The metric label is {@link #label}.
 */
public enum CloseCode {
  NORMAL(1000, "normal closure"),
  PROTOCOL_ERROR(1002, "protocol error"),
  UNSUPPORTED_DATA(1003, "unsupported data"),
  INVALID_DATA(1007, "invalid UTF-8"),
  INVALID_COMPRESSION(1007, "invalid compressed data"),
  TOO_MANY_FRAGMENTS(1008, "too many fragments"),
  MESSAGE_TOO_BIG(1009, "message too big"),
  CONNECTION_CLOSED(3000, "connection closed"),
  SHUTDOWN(3001, "shutdown"),
  SERVER_ERROR(3004, "internal server error"),
  EXPIRED(3005, "connection expired"),
  SUBSCRIPTION_EXPIRED(3006, "subscription expired"),
  SLOW(3008, "slow"),
  WRITE_ERROR(3009, "write error"),
  INSUFFICIENT_STATE(3010, "insufficient state"),
  FORCE_RECONNECT(3011, "force reconnect"),
  NO_PONG(3012, "no pong"),
  TOO_MANY_REQUESTS(3013, "too many requests"),
  STATE_INVALIDATED(3014, "state invalidated"),
  INVALID_TOKEN(3500, "invalid token"),
  BAD_REQUEST(3501, "bad request"),
  STALE(3502, "stale"),
  FORCE_DISCONNECT(3503, "force disconnect"),
  CONNECTION_LIMIT(3504, "connection limit"),
  CHANNEL_LIMIT(3505, "channel limit"),
  INAPPROPRIATE_PROTOCOL(3506, "inappropriate protocol"),
  PERMISSION_DENIED(3507, "permission denied"),
  NOT_AVAILABLE(3508, "not available"),
  TOO_MANY_ERRORS(3509, "too many errors");

  private final int code;
  private final String reason;
  private final String label;

  CloseCode(int code, String reason) {
    this.code = code;
    this.reason = reason;
    this.label = name().toLowerCase(Locale.ROOT);
  }

  public int code() {
    return code;
  }

  /** The text of the close frame; short and stable. */
  public String reason() {
    return reason;
  }

  /** The name in metrics and logs. */
  public String label() {
    return label;
  }

  /** Whether the client reconnects by itself. */
  public boolean reconnect() {
    return (code < 3500 && code != 1009) || (code >= 4000 && code < 4500);
  }
}
