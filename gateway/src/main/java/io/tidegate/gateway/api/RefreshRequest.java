package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.auth.Identity;
import java.util.ArrayList;
import java.util.List;

/**
 * Until when sessions live on.
 *
 * @param expired whether they have expired now
 * @param expiresAtMillis when they expire; {@link Identity#NEVER}
 */
public record RefreshRequest(Target target, boolean expired, long expiresAtMillis)
    implements SessionRequest {
  private static final Field<Boolean> EXPIRED =
      Field.flag("expired", "Whether they have expired now.");

  public RefreshRequest {
    requireNonNull(target, "target");
  }

  static List<Field<?>> fields() {
    var fields = new ArrayList<Field<?>>(Target.FIELDS);
    fields.addAll(List.of(EXPIRED, SubscribeRequest.EXPIRE_AT));
    return fields;
  }

  static RefreshRequest of(Params params) {
    return new RefreshRequest(
        Target.of(params), EXPIRED.of(params), SubscribeRequest.expiresAtMillis(params));
  }
}
