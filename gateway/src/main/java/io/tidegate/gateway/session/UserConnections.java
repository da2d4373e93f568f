package io.tidegate.gateway.session;

import io.tidegate.gateway.protocol.CloseCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open sessions of one event loop by their users, where a user may have one connection only;
 * empty elsewhere. Confined to the loop.
 *
 * <p>Each session that opens asks all loops of all nodes to close the older ones of its user. Of
 * two that do so exactly one stays: where the question of one comes before the other has opened,
 * that one gets a later moment, whatever the nodes' clocks say; where both are open, their order
 * decides.
 */
final class UserConnections {
  private final Map<String, List<Entry>> byUser = new HashMap<>();
  private long latest;

  private record Entry(UserConnection connection, Session session) {}

  /** Adds a session that has opened, as newer than all that this loop has heard of. */
  UserConnection opened(Session session, long nowMillis) {
    latest = Math.max(latest + 1, nowMillis);
    var connection = new UserConnection(session.user(), latest, session.client());
    byUser
        .computeIfAbsent(session.user(), user -> new ArrayList<>(1))
        .add(new Entry(connection, session));
    return connection;
  }

  /** Ends those of the user that are older; how many. */
  int closeOlder(UserConnection newer) {
    latest = Math.max(latest, newer.moment());
    List<Session> older =
        byUser.getOrDefault(newer.user(), List.of()).stream()
            .filter(entry -> entry.connection.isOlderThan(newer))
            .map(Entry::session)
            .toList();
    older.forEach(session -> session.end(CloseCode.CONNECTION_LIMIT));
    return older.size();
  }

  /** Forgets a session that has ended; without effect for one that is not here. */
  void ended(Session session) {
    List<Entry> entries = byUser.get(session.user());
    if (entries != null) {
      entries.removeIf(entry -> entry.session == session);
      if (entries.isEmpty()) {
        byUser.remove(session.user());
      }
    }
  }
}
