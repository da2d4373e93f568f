package io.tidegate.gateway.api;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.NotJsonException;

/**
 * What is open on one node.
 *
 * @param clients connections
 * @param users distinct users among them
 * @param channels channels with a subscriber
 * @param subscriptions of all connections
 */
public record NodeStats(int clients, int users, int channels, int subscriptions) {
  JsonBody body() {
    return json -> {
      json.writeNumberField("clients", clients);
      json.writeNumberField("users", users);
      json.writeNumberField("channels", channels);
      json.writeNumberField("subscriptions", subscriptions);
    };
  }

  /** Reads what {@link #body} wrote. */
  static NodeStats read(Payload answer) throws NotJsonException {
    Params params = Params.parse(answer.bytes());
    return new NodeStats(
        size(params, "clients"),
        size(params, "users"),
        size(params, "channels"),
        size(params, "subscriptions"));
  }

  private static int size(Params params, String name) {
    return (int) params.integer(name, 0, 0, Integer.MAX_VALUE);
  }
}
