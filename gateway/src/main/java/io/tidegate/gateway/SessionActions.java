package io.tidegate.gateway;

import io.tidegate.gateway.api.DisconnectRequest;
import io.tidegate.gateway.api.NodeActions;
import io.tidegate.gateway.api.NodeStats;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.session.SessionDirectory;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** What the server API asks of a node, answered by its sessions. Thread-safe. */
final class SessionActions implements NodeActions {
  private final SessionDirectory sessions;
  private final Hub hub;

  SessionActions(SessionDirectory sessions, Hub hub) {
    this.sessions = sessions;
    this.hub = hub;
  }

  @Override
  public Future<Integer> disconnect(DisconnectRequest request) {
    return sessions.disconnect(
        session ->
            session.user().equals(request.user())
                && isNullOr(request.client(), session.client())
                // A connection has one session, and both have one id.
                && isNullOr(request.session(), session.client())
                && !request.whitelist().contains(session.client()),
        request.code(),
        request.reason());
  }

  @Override
  public Future<NodeStats> stats() {
    return sessions
        .count()
        .map(count -> new NodeStats(count.clients(), count.users(), hub.channels()));
  }

  private static boolean isNullOr(@Nullable String wanted, String actual) {
    return wanted == null || wanted.equals(actual);
  }
}
