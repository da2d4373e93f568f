package io.tidegate.gateway.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A raw route as one client uses it: its channels by name, each once, to which the client has the
 * rights.
 *
 * @param publish absent where the route publishes to none
 */
public record RawUse(RawRoute route, List<String> subscribe, @Nullable String publish) {
  public RawUse {
    subscribe = List.copyOf(subscribe);
  }
}
