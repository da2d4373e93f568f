package io.tidegate.gateway.edge;

import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.session.RawRoute;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a path of the public port leads to.
 *
 * @param protocols by the subprotocols that a client may offer
 * @param otherwise what is spoken with a client that offers none
 * @param raw absent where clients speak a protocol
 */
record Route(
    Map<String, ClientProtocol> protocols, ClientProtocol otherwise, @Nullable RawRoute raw) {
  Route {
    protocols = Map.copyOf(protocols);
  }

  /** The first subprotocol of {@code offered}, in the client's order, that is spoken here. */
  @Nullable String choose(List<String> offered) {
    return offered.stream().filter(protocols::containsKey).findFirst().orElse(null);
  }

  ClientProtocol protocol(@Nullable String subprotocol) {
    return subprotocol == null ? otherwise : protocols.getOrDefault(subprotocol, otherwise);
  }
}
