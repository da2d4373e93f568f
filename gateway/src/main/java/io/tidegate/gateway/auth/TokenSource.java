package io.tidegate.gateway.auth;

/** Where a client may put its token. */
public enum TokenSource {
  /** {@code Authorization: Bearer T} (RFC 6750 section 2.1). */
  HEADER,
  /** The cookie {@code tidegate_token}. */
  COOKIE,
  /** The item {@code tidegate.token.T} of {@code Sec-WebSocket-Protocol}, beside the real one. */
  SUBPROTOCOL,
  /**
   * The parameter {@code token} of the query; ends up in access logs, so it is off unless asked
   * for.
   */
  QUERY,
  /** {@code connect.token} in the first frame. */
  FIRST_FRAME
}
