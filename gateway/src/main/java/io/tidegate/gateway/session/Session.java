package io.tidegate.gateway.session;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.gateway.auth.AuthException;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.limits.TokenBucket;
import io.tidegate.gateway.limits.Violations;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.MalformedFrameException;
import io.tidegate.gateway.protocol.Push;
import io.tidegate.gateway.protocol.Reply;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.tidegate.gateway.service.ServiceException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's life from its connect command to its end: commands in, replies and pushes out,
 * limits, heartbeat, expiry. Confined to the event loop that accepted the connection; dies with it.
 *
 * <p>Commands start in the order in which they came and are answered as they finish. Whatever ends
 * the session goes through {@link #end}, once.
 */
public final class Session implements ConnectionHandler {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** Commands under way at most; more are answered "too many requests". */
  private static final int IN_FLIGHT = 128;

  private static final long RESUBSCRIBE_WINDOW_MILLIS = 1_000;

  /** Place in the loop's list; the loop's alone. */
  int slot = -1;

  private final SessionLoop loop;
  private final Connection connection;
  private final ClientProtocol protocol;
  private final Outbox outbox;
  private final Lifetime lifetime;
  private final TokenBucket messages;
  private final TokenBucket bytes;
  private final Violations violations;
  private final Subscriptions subscriptions;
  private final ChannelCommands channels;
  private final ServiceCommands services;
  private final @Nullable RawFrames raw;
  private final ClientInfo info;
  private Identity identity;
  private int inFlight;
  private boolean frameOverRate;
  private boolean ended;

  /** Makes the session of a connection; with {@code use} where it is on a raw route. */
  Session(
      SessionLoop loop,
      Connection connection,
      ClientProtocol protocol,
      Identity identity,
      @Nullable RawUse use) {
    this.loop = loop;
    this.connection = connection;
    this.protocol = protocol;
    this.identity = identity;
    SessionNode node = loop.node();
    this.info = new ClientInfo(node.ids().get(), identity.user(), identity.info(), null);
    this.outbox = loop.outbox(connection, protocol);
    this.lifetime = new Lifetime(this, loop);
    var limits = node.limits();
    long now = node.nanoTime().getAsLong();
    this.messages = bucket(limits.messagesPerSecond(), limits.burstSeconds(), now);
    this.bytes = bucket(limits.bytesPerSecond(), limits.burstSeconds(), now);
    this.violations = new Violations(limits.violations());
    this.subscriptions = new Subscriptions(this, loop);
    this.channels = new ChannelCommands(this, node);
    this.services = new ServiceCommands(this, node);
    this.raw = use == null ? null : new RawFrames(this, use);
  }

  /** Answers the connect command, then takes the commands that came in the same frame. */
  void open(long connectId, List<Command> more) {
    open();
    SessionNode node = loop.node();
    answer(
        connectId,
        new Reply.Connected(
            info.client(),
            node.version(),
            lifetime.ttlSeconds(),
            null,
            (int) node.heartbeat().interval().toSeconds(),
            true,
            info.client(),
            node.nodeId()));
    more.forEach(this::take);
  }

  /** Opens the session of a client that has no connect command to wait for. */
  void open() {
    loop.opened(this);
    lifetime.start(identity.expiresAtMillis());
    log.debug("session opened connection={} remote={}", info.client(), connection.remoteAddress());
  }

  @Override
  public void message(byte[] message, boolean text) {
    if (ended) {
      return;
    }
    frameOverRate = !bytes.tryTake(message.length, loop.node().nanoTime().getAsLong());
    try {
      protocol.decode(message, text, this::take);
    } catch (MalformedFrameException e) {
      log.debug("malformed frame connection={} problem={}", info.client(), e.getMessage());
      end(CloseCode.BAD_REQUEST);
    }
  }

  @Override
  public void closed(String reason) {
    if (!ended) {
      finish(reason);
    }
  }

  /** Ends the session for a reason of ours. */
  public void end(CloseCode code) {
    if (!ended) {
      finish(code.label());
      outbox.run();
      connection.close(code.code(), code.reason());
    }
  }

  /**
   * Ends the session because a service said so.
   *
   * @param code a close code from 3000 to 4999
   */
  public void disconnect(int code, String reason) {
    if (!ended) {
      finish("server_api");
      outbox.run();
      connection.close(code, reason);
    }
  }

  /** The connection's id, which is also the session's. */
  public String client() {
    return info.client();
  }

  public String user() {
    return info.user();
  }

  int pendingBytes() {
    return connection.pendingBytes();
  }

  ClientInfo info() {
    return info;
  }

  Identity identity() {
    return identity;
  }

  ClientProtocol protocol() {
    return protocol;
  }

  Outbox outbox() {
    return outbox;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  boolean ended() {
    return ended;
  }

  /** Ends the session where its client does not keep up; whether it did. */
  boolean closeIfSlow() {
    if (ended || !outbox.full()) {
      return ended;
    }
    loop.node().metrics().slowConsumer("disconnect");
    end(CloseCode.SLOW);
    return true;
  }

  /** Tells the client to subscribe again, after a while that spreads many clients out. */
  void resubscribeSoon(Subscription subscription) {
    long delay = loop.node().random().nextLong(RESUBSCRIBE_WINDOW_MILLIS);
    var timer =
        new TimerWheel.Timer(
            () -> {
              if (!subscription.ended()) {
                subscriptions.end(subscription);
                push(
                    new Push.Unsubscribed(
                        subscription.channel(), UnsubscribeCode.INSUFFICIENT_STATE));
              }
            });
    loop.wheel().schedule(timer, delay);
  }

  void sendPing() {
    outbox.message(protocol.ping());
  }

  private void push(Push push) {
    if (!closeIfSlow()) {
      outbox.message(protocol.encode(push));
    }
  }

  private void take(Command command) {
    if (ended) {
      return;
    }
    if (command instanceof Command.Pong) {
      // Also when it comes above a rate: who answers is alive.
      lifetime.pong();
    }
    if (!admitted(command)) {
      return;
    }
    long start = loop.node().nanoTime().getAsLong();
    inFlight++;
    Future<Reply> handled;
    try {
      handled = handle(command);
    } catch (RuntimeException e) {
      handled = Future.failedFuture(e);
    }
    handled.onComplete(
        done -> {
          inFlight--;
          finishCommand(command, done.succeeded() ? done.result() : failed(done.cause()), start);
          if (command instanceof Command.Subscribe c && done.succeeded()) {
            subscriptions.goLive(c.channel());
          }
        });
  }

  private boolean admitted(Command command) {
    long now = loop.node().nanoTime().getAsLong();
    String limit;
    if (frameOverRate) {
      // The frame as a whole: or else a small command in front would carry the others through.
      limit = "bytes_per_second";
    } else if (!messages.tryTake(1, now)) {
      limit = "messages_per_second";
    } else if (inFlight >= IN_FLIGHT) {
      limit = "commands_in_flight";
    } else {
      return true;
    }
    loop.node().metrics().limitHit(limit);
    if (violations.add(now)) {
      end(CloseCode.TOO_MANY_REQUESTS);
    } else {
      finishCommand(command, new Reply.Failed(ErrorCode.TOO_MANY_REQUESTS, limit), now);
    }
    return false;
  }

  private Future<Reply> handle(Command command) {
    if (command instanceof Command.Publish c) {
      return channels.publish(c);
    } else if (command instanceof Command.Subscribe c) {
      return subscriptions.subscribe(c);
    } else if (command instanceof Command.Unsubscribe c) {
      return subscriptions.unsubscribe(c);
    } else if (command instanceof Command.Presence c) {
      return channels.presence(c);
    } else if (command instanceof Command.PresenceStats c) {
      return channels.presenceStats(c);
    } else if (command instanceof Command.History c) {
      return channels.history(c);
    } else if (command instanceof Command.Rpc c) {
      return services.rpc(c);
    } else if (command instanceof Command.Send c) {
      return services.send(c);
    } else if (command instanceof Command.Frame c && raw != null) {
      return raw.take(c);
    } else if (command instanceof Command.Refresh c) {
      return refresh(c);
    } else if (command instanceof Command.Ping) {
      return Future.succeededFuture(Reply.Empty.PONG);
    } else if (command instanceof Command.Pong) {
      return Future.succeededFuture(Reply.Empty.PONG);
    } else if (command instanceof Command.Invalid c) {
      throw new Refusal(c.error(), c.detail());
    } else if (command instanceof Command.Connect) {
      end(CloseCode.BAD_REQUEST);
      throw new Refusal(ErrorCode.BAD_REQUEST, "connect: again (expected: once)");
    }
    throw new Refusal(ErrorCode.NOT_AVAILABLE, command.name());
  }

  private Future<Reply> refresh(Command.Refresh command) {
    return loop.node()
        .authenticator()
        .authenticate(command.token())
        .<Reply>map(
            newer -> {
              if (ended) {
                throw new Refusal(ErrorCode.NOT_AVAILABLE, "the session has ended");
              }
              if (!newer.user().equals(identity.user())) {
                throw endedWith(CloseCode.INVALID_TOKEN, "token: of another user");
              }
              identity = newer;
              lifetime.expiresAt(newer.expiresAtMillis());
              return new Reply.Refreshed(
                  info.client(), loop.node().version(), lifetime.ttlSeconds());
            })
        .recover(
            e ->
                Future.failedFuture(
                    e instanceof AuthException auth
                        ? endedWith(closeCode(auth.reason()), auth.reason().label())
                        : e));
  }

  private Refusal endedWith(CloseCode code, String detail) {
    end(code);
    return new Refusal(ErrorCode.UNAUTHORIZED, detail);
  }

  /**
   * With an expired token a client that comes back fetches a newer one; with a bad one it stops.
   */
  private static CloseCode closeCode(AuthException.Reason reason) {
    return reason == AuthException.Reason.TOKEN_EXPIRED
        ? CloseCode.EXPIRED
        : CloseCode.INVALID_TOKEN;
  }

  private void finishCommand(Command command, Reply reply, long startNanos) {
    double seconds = (loop.node().nanoTime().getAsLong() - startNanos) / 1e9;
    loop.node().metrics().command(command.name(), outcome(reply), seconds);
    if (command.id() > 0) {
      answer(command.id(), reply);
    }
  }

  private void answer(long id, Reply reply) {
    if (!ended && !closeIfSlow()) {
      outbox.message(protocol.encode(id, reply));
    }
  }

  private Reply failed(@Nullable Throwable failure) {
    Reply.Failed reply = Refusal.reply(failure == null ? new IllegalStateException() : failure);
    boolean expected = failure instanceof BackplaneException || failure instanceof ServiceException;
    if (reply.error() == ErrorCode.INTERNAL && !expected) {
      log.error("command failed connection={}", info.client(), failure);
    } else if (reply.error() == ErrorCode.INTERNAL) {
      log.debug("command failed connection={}", info.client(), failure);
    }
    return reply;
  }

  private void finish(String reason) {
    ended = true;
    lifetime.stop();
    subscriptions.endAll();
    loop.left(this);
    loop.connectionEnded(reason);
    log.debug(
        "session closed connection={} remote={} reason={}",
        info.client(),
        connection.remoteAddress(),
        reason);
  }

  private static TokenBucket bucket(int perSecond, int burstSeconds, long now) {
    return new TokenBucket(perSecond, Math.max(1, (long) perSecond * burstSeconds), now);
  }

  private static String outcome(Reply reply) {
    if (reply instanceof Reply.Failed failed) {
      return failed.error().name().toLowerCase(Locale.ROOT);
    }
    return reply instanceof Reply.ServiceFailed ? "service_error" : "ok";
  }
}
