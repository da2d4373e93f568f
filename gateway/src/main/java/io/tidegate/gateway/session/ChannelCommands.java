package io.tidegate.gateway.session;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Right;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Commands on a channel that leave no state in a session. Confined to the event loop. */
final class ChannelCommands {
  private final SessionNode node;
  private final Set<Reading> readings = new HashSet<>();

  /** A page of history that is being read: one at a time of each session and channel. */
  private record Reading(Session session, String channel) {}

  ChannelCommands(SessionNode node) {
    this.node = node;
  }

  Future<Reply> publish(Session session, Command.Publish command) {
    return publish(session, command.channel(), "publish.data", command.data(), Map.of());
  }

  /** Publishes {@code data}, which came in {@code field}. */
  Future<Reply> publish(
      Session session, String channel, String field, Payload data, Map<String, String> tags) {
    Namespace namespace = ChannelAccess.namespace(node, channel);
    ChannelAccess.require(node, namespace.publish(), Right.PUBLISH, session, channel);
    Payload taken = namespace.json() ? ClientData.json(session, field, data) : data;
    ClientInfo from = session.subscriptions().member(channel);
    var request = new PublishRequest(channel, taken, namespace.stream(), from, tags, null);
    long start = node.nanoTime().getAsLong();
    return node.backplane()
        .publish(request)
        .map(
            result -> {
              double seconds = (node.nanoTime().getAsLong() - start) / 1e9;
              node.metrics().backplanePublishSeconds(seconds);
              node.metrics().publication(Metrics.Origin.CLIENT);
              return Reply.Empty.PUBLISHED;
            });
  }

  Future<Reply> presence(Session session, Command.Presence command) {
    requirePresence(session, command.channel());
    return node.presence().members(command.channel()).map(Reply.Presence::new);
  }

  Future<Reply> presenceStats(Session session, Command.PresenceStats command) {
    requirePresence(session, command.channel());
    return node.presence()
        .stats(command.channel())
        .map(stats -> new Reply.PresenceStats(stats.clients(), stats.users()));
  }

  Future<Reply> history(Session session, Command.History command) {
    String channel = command.channel();
    Namespace namespace = ChannelAccess.namespace(node, channel);
    ChannelAccess.require(node, namespace.readHistory(), Right.READ_HISTORY, session, channel);
    if (!namespace.json() && !session.protocol().carriesBytes()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "channel: bytes (expected: JSON)");
    }
    if (namespace.stream().historySize() == 0) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "history: off for this channel");
    }
    var query = new HistoryQuery(command.since(), command.limit(), command.reverse());
    var reading = new Reading(session, channel);
    if (!readings.add(reading)) {
      throw new Refusal(ErrorCode.CONCURRENT_PAGINATION, "");
    }
    return node.backplane()
        .history(channel, namespace.stream(), query)
        .onComplete(done -> readings.remove(reading))
        .map(this::page);
  }

  private Reply page(HistoryPage page) {
    if (page.continuity() == Continuity.FOREIGN) {
      throw new Refusal(ErrorCode.UNRECOVERABLE_POSITION, "");
    }
    return new Reply.History(page.publications(), page.top());
  }

  private void requirePresence(Session session, String channel) {
    Namespace namespace = ChannelAccess.namespace(node, channel);
    ChannelAccess.require(node, namespace.readPresence(), Right.READ_PRESENCE, session, channel);
    if (!namespace.presence()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "presence: off for this channel");
    }
  }
}
