package io.tidegate.gateway.session;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.tidegate.gateway.service.ServiceException;
import io.vertx.core.Future;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of all sessions of one event loop, from the frame to the reply: whether one is taken
 * now, who handles it, how it is answered. Commands start in the order in which they came and are
 * answered as they finish. Confined to the loop.
 */
final class Commands {
  private static final Logger log = LoggerFactory.getLogger(Commands.class);

  /** Commands of one session under way at most; more are answered "too many requests". */
  private static final int IN_FLIGHT = 128;

  private final SessionNode node;
  private final ChannelCommands channels;
  private final ServiceCommands services;
  private final Renewal renewal;
  private final TokenGrants tokens;

  Commands(SessionNode node) {
    this.node = node;
    this.channels = new ChannelCommands(node);
    this.services = new ServiceCommands(node);
    this.renewal = new Renewal(node);
    this.tokens = new TokenGrants(node);
  }

  ChannelCommands channels() {
    return channels;
  }

  TokenGrants tokens() {
    return tokens;
  }

  void take(Session session, Command command) {
    if (session.ended()) {
      return;
    }
    if (command instanceof Command.Pong) {
      // Also when it comes above a rate: who answers is alive.
      session.lifetime().pong();
    }
    if (!admitted(session, command)) {
      return;
    }
    long start = node.nanoTime().getAsLong();
    session.inFlight++;
    Future<Reply> handled;
    try {
      Opening opening = session.opening();
      handled =
          opening == null
              ? handle(session, command)
              : opening.done().compose(open -> handleLate(session, command));
    } catch (RuntimeException e) {
      handled = Future.failedFuture(e);
    }
    handled.onComplete(
        done -> {
          session.inFlight--;
          Reply reply = done.succeeded() ? done.result() : failed(session, done.cause());
          finish(session, command, reply, start);
          if (command instanceof Command.Subscribe c && done.succeeded()) {
            session.subscriptions().goLive(c.channel());
          } else if (done.cause() instanceof Refusal refusal && refusal.closes() != null) {
            session.end(refusal.closes());
          }
        });
  }

  /** What a client is told of a failure, which goes into the log where it is ours. */
  Reply.Failed failed(Session session, @Nullable Throwable failure) {
    Reply.Failed reply = Refusal.reply(failure == null ? new IllegalStateException() : failure);
    boolean expected = failure instanceof BackplaneException || failure instanceof ServiceException;
    if (reply.error() == ErrorCode.INTERNAL && !expected) {
      log.error("command failed connection={}", session.client(), failure);
    } else if (reply.error() == ErrorCode.INTERNAL) {
      log.debug("command failed connection={}", session.client(), failure);
    }
    return reply;
  }

  private boolean admitted(Session session, Command command) {
    long now = node.nanoTime().getAsLong();
    String limit = session.pace().message(now);
    if (limit == null && session.inFlight >= IN_FLIGHT) {
      limit = "commands_in_flight";
    }
    if (limit == null) {
      return true;
    }
    node.metrics().limitHit(limit);
    Opening opening = session.opening();
    var refused = new Reply.Failed(ErrorCode.TOO_MANY_REQUESTS, limit);
    boolean full = opening != null && session.inFlight >= IN_FLIGHT;
    if (full || session.pace().violated(now)) {
      session.end(CloseCode.TOO_MANY_REQUESTS);
    } else if (opening == null) {
      finish(session, command, refused, now);
    } else {
      // Before the reply to the connect command there is no answer to anything else.
      opening.done().onSuccess(open -> finish(session, command, refused, now));
    }
    return false;
  }

  private void finish(Session session, Command command, Reply reply, long startNanos) {
    double seconds = (node.nanoTime().getAsLong() - startNanos) / 1e9;
    node.metrics().command(command.name(), outcome(reply), seconds);
    if (command.id() > 0) {
      session.answer(command.id(), reply);
      countFailure(session, reply);
    } else if (command instanceof Command.Frame && reply instanceof Reply.Failed failed) {
      session.end(failed.error().closeCode());
    }
  }

  /** Who repeats what cannot succeed has a fault that no answer mends. */
  private void countFailure(Session session, Reply reply) {
    if (reply instanceof Reply.Failed failed
        && !failed.error().temporary()
        && session.pace().failed(node.nanoTime().getAsLong())) {
      node.metrics().limitHit("failed_commands");
      session.end(CloseCode.TOO_MANY_ERRORS);
    }
  }

  /** The name of a reply in metrics. */
  static String outcome(Reply reply) {
    if (reply instanceof Reply.Failed failed) {
      return failed.error().name().toLowerCase(Locale.ROOT);
    }
    return reply instanceof Reply.ServiceFailed ? "service_error" : "ok";
  }

  /** A command that had to wait: what was ahead of it may have ended the session. */
  private Future<Reply> handleLate(Session session, Command command) {
    if (session.ended()) {
      throw Refusal.sessionEnded();
    }
    return handle(session, command);
  }

  /** Throws {@link Refusal}, or fails the future with it. */
  private Future<Reply> handle(Session session, Command command) {
    if (command instanceof Command.Publish c) {
      return channels.publish(session, c);
    } else if (command instanceof Command.Subscribe c) {
      return session.subscriptions().subscribe(c).map(made -> made);
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
    } else if (command instanceof Command.SubRefresh c) {
      return tokens.refresh(session, c);
    } else if (command instanceof Command.Ping) {
      return Future.succeededFuture(Reply.Empty.PONG);
    } else if (command instanceof Command.Pong) {
      return Future.succeededFuture(Reply.Empty.PONG);
    } else if (command instanceof Command.Invalid c) {
      throw new Refusal(c.error(), c.detail());
    } else if (command instanceof Command.Connect) {
      throw new Refusal(
          ErrorCode.BAD_REQUEST, "connect: again (expected: once)", CloseCode.BAD_REQUEST);
    }
    throw new Refusal(ErrorCode.NOT_AVAILABLE, command.name());
  }
}
