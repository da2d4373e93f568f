package io.tidegate.gateway.session;

import io.tidegate.gateway.auth.ChannelTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What clients without a protocol get and cause at the path {@code /raw/NAME}. What comes in goes
 * to one place at most: without any, the route only sends.
 *
 * @param subscribe channels whose publications are delivered
 * @param publish channel to which each frame is published
 * @param service name of the service that gets each frame
 * @param echo whether each frame goes back to its sender
 * @param excludeSender whether a client is spared its own publications
 * @param welcome the first frame of each connection
 */
public record RawRoute(
    String name,
    List<ChannelTemplate> subscribe,
    @Nullable ChannelTemplate publish,
    @Nullable String service,
    boolean echo,
    boolean excludeSender,
    @Nullable String welcome) {
  public RawRoute {
    subscribe = List.copyOf(subscribe);
    int ways = (publish == null ? 0 : 1) + (service == null ? 0 : 1) + (echo ? 1 : 0);
    if (ways > 1) {
      throw new IllegalArgumentException(
          "echo: beside others (expected: one of publish, service and echo: true, or none)");
    }
    if (ways == 0 && subscribe.isEmpty()) {
      throw new IllegalArgumentException(
          "subscribe: empty (expected: a channel, because nothing else is done here)");
    }
    if (excludeSender && (publish == null || subscribe.isEmpty())) {
      throw new IllegalArgumentException(
          "excludeSender: true (expected: publish and subscribe beside it)");
    }
  }
}
