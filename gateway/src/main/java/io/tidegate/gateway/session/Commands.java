package io.tidegate.gateway.session;

import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;

/**
 * Who handles which command, for all sessions of one event loop. Confined to it. Throws {@link
 * Refusal}, or fails the future with it.
 */
final class Commands {
  private final ChannelCommands channels;
  private final ServiceCommands services;
  private final Renewal renewal;

  Commands(SessionNode node) {
    this.channels = new ChannelCommands(node);
    this.services = new ServiceCommands(node);
    this.renewal = new Renewal(node);
  }

  ChannelCommands channels() {
    return channels;
  }

  Future<Reply> handle(Session session, Command command) {
    if (command instanceof Command.Publish c) {
      return channels.publish(session, c);
    } else if (command instanceof Command.Subscribe c) {
      return session.subscriptions().subscribe(c);
    } else if (command instanceof Command.Unsubscribe c) {
      return session.subscriptions().unsubscribe(c);
    } else if (command instanceof Command.Presence c) {
      return channels.presence(session, c);
    } else if (command instanceof Command.PresenceStats c) {
      return channels.presenceStats(session, c);
    } else if (command instanceof Command.History c) {
      return channels.history(session, c);
    } else if (command instanceof Command.Rpc c) {
      return services.rpc(session, c);
    } else if (command instanceof Command.Send c) {
      return services.send(session, c);
    } else if (command instanceof Command.Frame c && session.raw() != null) {
      return session.raw().take(c);
    } else if (command instanceof Command.Refresh c) {
      return renewal.refresh(session, c);
    } else if (command instanceof Command.Ping) {
      return Future.succeededFuture(Reply.Empty.PONG);
    } else if (command instanceof Command.Pong) {
      return Future.succeededFuture(Reply.Empty.PONG);
    } else if (command instanceof Command.Invalid c) {
      throw new Refusal(c.error(), c.detail());
    } else if (command instanceof Command.Connect) {
      session.end(CloseCode.BAD_REQUEST);
      throw new Refusal(ErrorCode.BAD_REQUEST, "connect: again (expected: once)");
    }
    throw new Refusal(ErrorCode.NOT_AVAILABLE, command.name());
  }
}
