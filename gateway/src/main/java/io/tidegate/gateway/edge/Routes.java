package io.tidegate.gateway.edge;

import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.protocol.RawProtocol;
import io.tidegate.gateway.session.RawRoute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The paths of the public port that speak WebSocket. Immutable. */
final class Routes {
  static final String JSON_PATH = "/connection/websocket";
  static final String RAW_PATH = "/raw/";
  static final String JSON_SUBPROTOCOL = "centrifuge-json";
  static final String RAW_SUBPROTOCOL = "tidegate.raw";

  private final Map<String, Route> byPath;

  Routes(List<RawRoute> raw) {
    var routes = new HashMap<String, Route>();
    routes.put(JSON_PATH, new Route(new JsonProtocol(), JSON_SUBPROTOCOL, null));
    var protocol = new RawProtocol();
    for (RawRoute route : raw) {
      routes.put(RAW_PATH + route.name(), new Route(protocol, RAW_SUBPROTOCOL, route));
    }
    byPath = Map.copyOf(routes);
  }

  /** What {@code path} leads to; absent for nothing. */
  @Nullable Route find(String path) {
    return byPath.get(path);
  }

  /** Whether {@code path} is not one for pages. */
  static boolean isOurs(String path) {
    return path.equals(JSON_PATH) || path.startsWith(RAW_PATH);
  }
}
