package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** Which sessions to take out of a channel. */
public record UnsubscribeRequest(Target target, String channel) implements SessionRequest {
  private static final Field<String> CHANNEL = Field.channel("From which.");

  public UnsubscribeRequest {
    requireNonNull(target, "target");
    requireNonNull(channel, "channel");
  }

  static List<Field<?>> fields() {
    var fields = new ArrayList<Field<?>>(Target.FIELDS);
    fields.add(CHANNEL);
    return fields;
  }

  static UnsubscribeRequest of(Params params) {
    return new UnsubscribeRequest(Target.of(params), CHANNEL.of(params));
  }
}
