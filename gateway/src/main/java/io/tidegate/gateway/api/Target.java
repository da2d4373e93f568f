package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose connections a call is about.
 *
 * @param user whose; not empty, since anonymous clients are nobody's
 * @param client this connection only
 * @param session this session only
 */
public record Target(String user, @Nullable String client, @Nullable String session) {
  static final Field<String> USER =
      Field.text("user", Params.NAME_BYTES, "Whose connections, on all nodes.")
          .required("a user's id, not empty");
  static final Field<String> CLIENT =
      Field.text("client", Params.NAME_BYTES, "This connection only.");
  static final Field<String> SESSION =
      Field.text("session", Params.NAME_BYTES, "This session only.");

  static final List<Field<?>> FIELDS = List.of(USER, CLIENT, SESSION);

  public Target {
    requireNonNull(user, "user");
    if (user.isEmpty()) {
      throw new IllegalArgumentException("user: '' (expected: not empty)");
    }
  }

  static Target of(Params params) {
    return new Target(USER.of(params), CLIENT.in(params), SESSION.in(params));
  }

  /** Whether a connection is meant. It has one session, and both have one id. */
  public boolean fits(String itsUser, String itsClient) {
    return user.equals(itsUser)
        && (client == null || client.equals(itsClient))
        && (session == null || session.equals(itsClient));
  }
}
