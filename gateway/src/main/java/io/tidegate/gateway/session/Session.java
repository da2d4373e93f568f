package io.tidegate.gateway.session;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.limits.Pace;
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
import java.util.Map;
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

  /** Calls that services have not answered yet; {@link ServiceCommands}' alone. */
  int callsInFlight;

  private final SessionLoop loop;
  private final Connection connection;
  private final ClientProtocol protocol;
  private final Outbox outbox;
  private final Lifetime lifetime;
  private final Pace pace;
  private final Subscriptions subscriptions;
  private final @Nullable RawFrames raw;
  private final ClientInfo info;
  private Identity identity;
  private int inFlight;
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
    this.lifetime = new Lifetime(this);
    this.pace = new Pace(loop.pace(), node.nanoTime().getAsLong());
    this.subscriptions = new Subscriptions(this);
    this.raw = use == null ? null : new RawFrames(this, node, loop.commands().channels(), use);
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
            node.nodeId(),
            Map.of()));
    more.forEach(this::take);
  }

  /** Opens the session; on a raw route there is no connect command to wait for. */
  void open() {
    loop.opened(this);
    lifetime.start(identity.expiresAtMillis());
    log.debug("session opened connection={} remote={}", info.client(), connection.remoteAddress());
    if (raw != null) {
      raw.open();
    }
  }

  @Override
  public void message(byte[] message, boolean text) {
    if (ended) {
      return;
    }
    pace.frame(message.length, loop.node().nanoTime().getAsLong());
    pong();
    try {
      protocol.decode(message, text, this::take);
    } catch (MalformedFrameException e) {
      log.debug("malformed frame connection={} problem={}", info.client(), e.getMessage());
      end(CloseCode.BAD_REQUEST);
    }
  }

  /** Where the protocol has a ping of its own, its answer alone counts. */
  @Override
  public void pong() {
    if (protocol.ping() == null) {
      lifetime.pong();
    }
  }

  @Override
  public void closed(String reason) {
    if (!ended) {
      finish(reason);
      outbox.run();
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

  SessionLoop loop() {
    return loop;
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

  /** Goes on as {@code newer}; the seconds until that expires, absent when it does not. */
  @Nullable Long renewed(Identity newer) {
    identity = newer;
    lifetime.expiresAt(newer.expiresAtMillis());
    return lifetime.ttlSeconds();
  }

  ClientProtocol protocol() {
    return protocol;
  }

  Outbox outbox() {
    return outbox;
  }

  @Nullable RawFrames raw() {
    return raw;
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
    // The socket has not been offered yet what this pass has written.
    connection.flush();
    if (!outbox.full()) {
      return false;
    }
    loop.node().metrics().slowConsumer("disconnect");
    end(CloseCode.SLOW);
    return true;
  }

  /** Tells the client to subscribe again, after a while that spreads many clients out. */
  void resubscribeSoon(Subscription subscription) {
    long delay = loop.node().random().nextLong(RESUBSCRIBE_WINDOW_MILLIS);
    var timer =
        TimerWheel.timer(
            () -> {
              if (raw != null) {
                end(CloseCode.INSUFFICIENT_STATE);
              } else if (!subscription.ended()) {
                subscriptions.end(subscription);
                push(
                    new Push.Unsubscribed(
                        subscription.channel(), UnsubscribeCode.INSUFFICIENT_STATE));
              }
            });
    loop.wheel().schedule(timer, delay);
  }

  void sendPing() {
    outbox.ping();
  }

  boolean sparesSender() {
    return raw != null && raw.sparesSender();
  }

  /** Ends the session of a client that cannot be told of a failure. */
  void fail(Throwable failure) {
    end(failed(failure).error().closeCode());
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
      handled = loop.commands().handle(this, command);
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
    String limit = pace.message(now);
    if (limit == null && inFlight >= IN_FLIGHT) {
      limit = "commands_in_flight";
    }
    if (limit == null) {
      return true;
    }
    loop.node().metrics().limitHit(limit);
    if (pace.violated(now)) {
      end(CloseCode.TOO_MANY_REQUESTS);
    } else {
      finishCommand(command, new Reply.Failed(ErrorCode.TOO_MANY_REQUESTS, limit), now);
    }
    return false;
  }

  private void finishCommand(Command command, Reply reply, long startNanos) {
    double seconds = (loop.node().nanoTime().getAsLong() - startNanos) / 1e9;
    loop.node().metrics().command(command.name(), outcome(reply), seconds);
    if (command.id() > 0) {
      answer(command.id(), reply);
    } else if (command instanceof Command.Frame && reply instanceof Reply.Failed failed) {
      end(failed.error().closeCode());
    }
  }

  private void answer(long id, Reply reply) {
    if (!ended && !closeIfSlow()) {
      outbox.message(protocol.encode(id, reply));
    }
  }

  private Reply.Failed failed(@Nullable Throwable failure) {
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

  private static String outcome(Reply reply) {
    if (reply instanceof Reply.Failed failed) {
      return failed.error().name().toLowerCase(Locale.ROOT);
    }
    return reply instanceof Reply.ServiceFailed ? "service_error" : "ok";
  }
}
