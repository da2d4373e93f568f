package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Payload;
import java.util.ArrayList;
import java.util.List;

/**
 * What to tell sessions, beside all channels.
 *
 * @param data JSON
 */
public record SendRequest(Target target, Payload data) implements SessionRequest {
  public SendRequest {
    requireNonNull(target, "target");
    requireNonNull(data, "data");
  }

  static List<Field<?>> fields() {
    var fields = new ArrayList<Field<?>>(Target.FIELDS);
    fields.addAll(Body.FIELDS);
    return fields;
  }

  static SendRequest of(Params params) {
    return new SendRequest(Target.of(params), Body.of(params).json());
  }
}
