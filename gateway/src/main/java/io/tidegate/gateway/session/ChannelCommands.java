package io.tidegate.gateway.session;

import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;
import java.util.Map;

/** Commands on a channel that leave no state in the session. Confined to the session's loop. */
final class ChannelCommands {
  private final Session session;
  private final SessionNode node;

  ChannelCommands(Session session, SessionNode node) {
    this.session = session;
    this.node = node;
  }

  Future<Reply> publish(Command.Publish command) {
    String channel = command.channel();
    Namespace namespace = ChannelAccess.namespace(node, channel);
    ChannelAccess.require(node, namespace.publish(), session, channel, "publish");
    var request =
        new PublishRequest(
            channel, command.data(), namespace.stream(), session.info(), Map.of(), null);
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

  Future<Reply> presence(Command.Presence command) {
    requirePresence(command.channel());
    return node.presence().members(command.channel()).map(Reply.Presence::new);
  }

  Future<Reply> presenceStats(Command.PresenceStats command) {
    requirePresence(command.channel());
    return node.presence()
        .stats(command.channel())
        .map(stats -> new Reply.PresenceStats(stats.clients(), stats.users()));
  }

  Future<Reply> history(Command.History command) {
    String channel = command.channel();
    Namespace namespace = ChannelAccess.namespace(node, channel);
    ChannelAccess.require(node, namespace.readHistory(), session, channel, "history");
    if (namespace.stream().historySize() == 0) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "history: off for this channel");
    }
    var query = new HistoryQuery(command.since(), command.limit(), command.reverse());
    return node.backplane().history(channel, namespace.stream(), query).map(this::page);
  }

  private Reply page(HistoryPage page) {
    if (page.continuity() == Continuity.FOREIGN) {
      throw new Refusal(ErrorCode.UNRECOVERABLE_POSITION, "");
    }
    return new Reply.History(page.publications(), page.top());
  }

  private void requirePresence(String channel) {
    Namespace namespace = ChannelAccess.namespace(node, channel);
    ChannelAccess.require(node, namespace.readPresence(), session, channel, "presence");
    if (!namespace.presence()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "presence: off for this channel");
    }
  }
}
