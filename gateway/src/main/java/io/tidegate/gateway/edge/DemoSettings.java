package io.tidegate.gateway.edge;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;

/**
 * What the demo page of {@code dev} needs.
 *
 * @param node name of the node that serves it
 * @param channel that it shows
 * @param newToken mints a token, of a user of its own at each call; may be called on any thread
 */
public record DemoSettings(String node, String channel, Supplier<String> newToken) {
  public DemoSettings {
    requireNonNull(node, "node");
    requireNonNull(channel, "channel");
    requireNonNull(newToken, "newToken");
  }
}
