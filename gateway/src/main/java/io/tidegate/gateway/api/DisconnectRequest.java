package io.tidegate.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.protocol.CloseCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which sessions to close, and how.
 *
 * @param whitelist connections to leave alone
 * @param code of the close frame; below 3500 and from 4000 to 4499 the client comes back by itself
 * @param reason of the close frame
 */
public record DisconnectRequest(Target target, Set<String> whitelist, int code, String reason)
    implements SessionRequest {
  /** Connections in a whitelist at most. */
  public static final int MAX_WHITELIST = 1_000;

  /** RFC 6455 section 5.5: a control frame holds 125 bytes, two of which are the code. */
  public static final int MAX_REASON_BYTES = 123;

  static final int MIN_CODE = 3000;
  static final int MAX_CODE = 4999;

  private static final Field<List<String>> WHITELIST =
      Field.texts("whitelist", MAX_WHITELIST, Params.NAME_BYTES, "Connections to leave alone.");
  private static final Field<Long> CODE =
      Field.integer(
          "code", CloseCode.FORCE_DISCONNECT.code(), MIN_CODE, MAX_CODE, "Of the close frame.");
  private static final Field<String> REASON =
      Field.text("reason", MAX_REASON_BYTES, "Of the close frame.");
  private static final Field<Params> CLOSE =
      Field.object("disconnect", "The close frame.", List.of(CODE, REASON));

  public DisconnectRequest {
    requireNonNull(target, "target");
    whitelist = Set.copyOf(whitelist);
    if (code < MIN_CODE || code > MAX_CODE) {
      throw new IllegalArgumentException(
          "code: " + code + " (expected: " + MIN_CODE + " to " + MAX_CODE + ")");
    }
    if (reason.getBytes(UTF_8).length > MAX_REASON_BYTES) {
      throw new IllegalArgumentException(
          "reason: too long (expected: at most " + MAX_REASON_BYTES + " bytes)");
    }
  }

  static List<Field<?>> fields() {
    var fields = new ArrayList<Field<?>>(Target.FIELDS);
    fields.addAll(List.of(WHITELIST, CLOSE));
    return fields;
  }

  static DisconnectRequest of(Params params) {
    int code = CloseCode.FORCE_DISCONNECT.code();
    String reason = CloseCode.FORCE_DISCONNECT.reason();
    Params close = CLOSE.in(params);
    if (close != null) {
      code = CODE.of(close).intValue();
      String given = REASON.in(close);
      reason = given == null ? reason : given;
    }
    return new DisconnectRequest(
        Target.of(params), new HashSet<>(WHITELIST.of(params)), code, reason);
  }

  /** Whether a connection is meant. */
  public boolean fits(String user, String client) {
    return target.fits(user, client) && !whitelist.contains(client);
  }
}
