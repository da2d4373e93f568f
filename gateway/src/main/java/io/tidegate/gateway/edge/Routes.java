package io.tidegate.gateway.edge;

import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.protocol.ProtobufProtocol;
import io.tidegate.gateway.protocol.RawProtocol;
import io.tidegate.gateway.session.RawRoute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The paths of the public port that speak WebSocket. Immutable. */
final class Routes {
  static final String CLIENT_PATH = "/connection/websocket";
  static final String RAW_PATH = "/raw/";
  static final String JSON_SUBPROTOCOL = "centrifuge-json";
  static final String PROTOBUF_SUBPROTOCOL = "centrifuge-protobuf";
  static final String RAW_SUBPROTOCOL = "tidegate.raw";

  private final Map<String, Route> byPath;

  Routes(List<RawRoute> raw) {
    var routes = new HashMap<String, Route>();
    var json = new JsonProtocol();
    Map<String, ClientProtocol> forms =
        Map.of(JSON_SUBPROTOCOL, json, PROTOBUF_SUBPROTOCOL, new ProtobufProtocol());
    routes.put(CLIENT_PATH, new Route(forms, json, null));
    var protocol = new RawProtocol();
    Map<String, ClientProtocol> frames = Map.of(RAW_SUBPROTOCOL, protocol);
    for (RawRoute route : raw) {
      routes.put(RAW_PATH + route.name(), new Route(frames, protocol, route));
    }
    byPath = Map.copyOf(routes);
  }

  /** What {@code path} leads to; absent for nothing. */
  @Nullable Route find(String path) {
    return byPath.get(path);
  }

  /** Whether {@code path} is not one for pages. */
  static boolean isOurs(String path) {
    return path.equals(CLIENT_PATH) || path.startsWith(RAW_PATH);
  }
}
