package io.tidegate.gateway.wire;

import org.jspecify.annotations.Nullable;

/**
 * What was agreed on in the handshake (RFC 6455 section 9.1): permessage-deflate without context
 * takeover (RFC 7692), or nothing.
 *
 * @param answer value of the answer's {@code Sec-WebSocket-Extensions}; absent where the header is
 * @param deflatable bytes of the largest message that the client takes compressed; 0 for none
 */
public record Extensions(@Nullable String answer, int deflatable) {
  public static final Extensions NONE = new Extensions(null, 0);
}
