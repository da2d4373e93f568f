package io.tidegate.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to close, and how.
 *
 * @param user whose; not empty, since anonymous clients are nobody's
 * @param client this connection only
 * @param session this session only
 * @param whitelist connections to leave alone
 * @param code of the close frame; below 3500 and from 4000 to 4499 the client comes back by itself
 * @param reason of the close frame
 */
public record DisconnectRequest(
    String user,
    @Nullable String client,
    @Nullable String session,
    Set<String> whitelist,
    int code,
    String reason) {
  /** Connections in a whitelist at most. */
  public static final int MAX_WHITELIST = 1_000;

  /** RFC 6455 section 5.5: a control frame holds 125 bytes, two of which are the code. */
  public static final int MAX_REASON_BYTES = 123;

  static final int MIN_CODE = 3000;
  static final int MAX_CODE = 4999;

  public DisconnectRequest {
    requireNonNull(user, "user");
    whitelist = Set.copyOf(whitelist);
    if (user.isEmpty()) {
      throw new IllegalArgumentException("user: '' (expected: not empty)");
    }
    if (code < MIN_CODE || code > MAX_CODE) {
      throw new IllegalArgumentException(
          "code: " + code + " (expected: " + MIN_CODE + " to " + MAX_CODE + ")");
    }
    if (reason.getBytes(UTF_8).length > MAX_REASON_BYTES) {
      throw new IllegalArgumentException(
          "reason: too long (expected: at most " + MAX_REASON_BYTES + " bytes)");
    }
  }
}
