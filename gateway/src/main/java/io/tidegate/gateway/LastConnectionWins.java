package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.session.OtherConnections;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Has every node close a user's older connections, as the server API's method does. */
final class LastConnectionWins implements OtherConnections {
  private final Cluster cluster;

  LastConnectionWins(Cluster cluster) {
    this.cluster = requireNonNull(cluster, "cluster");
  }

  @Override
  public Future<Void> close(String user, String client) {
    CloseCode code = CloseCode.CONNECTION_LIMIT;
    var close = new JsonObject().put("code", code.code()).put("reason", code.reason());
    var arguments =
        new JsonObject()
            .put("user", user)
            .put("whitelist", new JsonArray().add(client))
            .put("disconnect", close);
    return cluster.ask(new NodeCommand("disconnect", Payload.utf8(arguments.encode()))).mapEmpty();
  }
}
