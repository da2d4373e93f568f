package io.tidegate.gateway.session;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.limits.Pace;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.MalformedFrameException;
import io.tidegate.gateway.protocol.Push;
import io.tidegate.gateway.protocol.Reply;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.vertx.core.Future;
import java.util.List;
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

  private static final long RESUBSCRIBE_WINDOW_MILLIS = 1_000;

  /** A new connection costs its node more than a subscription does. */
  private static final long RECONNECT_WINDOW_MILLIS = 10_000;

  private static final Future<Void> DONE = Future.succeededFuture();

  /** Place in the loop's list; the loop's alone. */
  int slot = -1;

  /** Commands under way; {@link Commands}' alone. */
  int inFlight;

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
  private @Nullable Opening opening;

  /** Completes when the client has its reply or its welcome, the first that it gets. */
  private Future<Void> opened = DONE;

  private Identity identity;
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

  /** Opens for a connect command, then takes the commands that came in the same frame. */
  Future<Reply> open(Command.Connect connect, List<Command> more) {
    enter();
    opening = new Opening(this);
    opened = opening.done();
    Future<Reply> answered = opening.run(connect);
    more.forEach(command -> loop.commands().take(this, command));
    return answered;
  }

  /** Opens on a raw route, where there is no connect command to wait for. */
  void open() {
    enter();
    startLife();
    if (raw != null) {
      raw.open();
    }
  }

  private void enter() {
    loop.opened(this);
    log.debug("session opened connection={} remote={}", info.client(), connection.remoteAddress());
  }

  /** From here on the client is pinged, and its identity ends when it ends. */
  void startLife() {
    opening = null;
    opened = raw == null ? DONE : raw.live();
    identity = identity.withNamesOnly();
    lifetime.start(identity.expiresAtMillis());
  }

  /** Absent for a session that is open. */
  @Nullable Opening opening() {
    return opening;
  }

  @Override
  public void message(byte[] message, boolean text) {
    if (ended) {
      return;
    }
    pace.frame(message.length, loop.node().nanoTime().getAsLong());
    pong();
    try {
      protocol.decode(message, text, command -> loop.commands().take(this, command));
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
    }
  }

  /** Ends the session for a reason of ours. */
  public void end(CloseCode code) {
    end(code.label(), code.code(), code.reason());
  }

  /**
   * Ends the session because a service said so.
   *
   * @param code a close code from 3000 to 4999
   */
  public void disconnect(int code, String reason) {
    end("server_api", code, reason);
  }

  /**
   * Subscribes the client to a channel, as a backend or a newer token says, and tells it so.
   * Without effect where it is subscribed already; fails with {@link Refusal}.
   *
   * @param recover the position from which on the client gets what is kept; absent for now
   */
  public Future<Void> subscribe(
      String channel, SubscriptionOptions options, @Nullable StreamPosition recover) {
    if (ended) {
      return Future.failedFuture(Refusal.sessionEnded());
    }
    if (!opened.isComplete()) {
      return opened.compose(open -> subscribe(channel, options, recover));
    }
    Subscription there = subscriptions.find(channel);
    if (there != null) {
      // It may be under way still, and fail.
      return there
          .settled()
          .compose(v -> there.ended() ? subscribe(channel, options, recover) : DONE);
    }
    return subscriptions
        .make(channel, options, recover)
        .onSuccess(made -> subscribed(channel, made))
        .mapEmpty();
  }

  /** Ends a subscription and tells the client so; whether there was one. */
  public boolean unsubscribe(String channel, UnsubscribeCode code) {
    Subscription subscription = subscriptions.find(channel);
    if (subscription == null) {
      return false;
    }
    opened.onSuccess(open -> unsubscribe(subscription, code));
    return true;
  }

  /** Has the client's identity end at another time; {@link Identity#NEVER} for never. */
  public void refresh(long expiresAtMillis) {
    opened.onSuccess(open -> lifetime.expiresAt(expiresAtMillis));
  }

  /** Gives the client a message of its own, JSON where its protocol is. */
  public void tell(Payload data) {
    opened.onSuccess(open -> push(new Push.Message(data)));
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
    identity = newer.withNamesOnly();
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

  Pace pace() {
    return pace;
  }

  Lifetime lifetime() {
    return lifetime;
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
    if (ended || !outbox.full()) {
      return ended;
    }
    loop.node().metrics().slowConsumer("disconnect");
    end(CloseCode.SLOW);
    return true;
  }

  /**
   * Has the client subscribe again, after a while that spreads many clients out. What the server
   * subscribed it to, it gets with a new connection only.
   */
  void resubscribeSoon(Subscription subscription) {
    boolean closes = raw != null || subscription.serverSide();
    long window = closes ? RECONNECT_WINDOW_MILLIS : RESUBSCRIBE_WINDOW_MILLIS;
    long delay = loop.node().random().nextLong(window);
    var timer =
        TimerWheel.timer(
            () -> {
              if (!closes) {
                unsubscribe(subscription, UnsubscribeCode.INSUFFICIENT_STATE);
              } else if (!subscription.ended()) {
                end(CloseCode.INSUFFICIENT_STATE);
              }
            });
    loop.wheel().schedule(timer, delay);
  }

  /** The time of a subscription is over. */
  void expired(Subscription subscription) {
    if (subscription.serverSide()) {
      end(CloseCode.SUBSCRIPTION_EXPIRED);
    } else {
      unsubscribe(subscription, UnsubscribeCode.EXPIRED);
    }
  }

  void sendPing() {
    outbox.ping();
  }

  boolean sparesSender() {
    return raw != null && raw.sparesSender();
  }

  /** Ends the session of a client that cannot be told of a failure. */
  void fail(Throwable failure) {
    end(loop.commands().failed(this, failure).error().closeCode());
  }

  /**
   * Tells of a subscription that the server has made, then what is recovered, then what has come
   * meanwhile.
   */
  private void subscribed(String channel, Reply.Subscribed made) {
    if (raw == null) {
      List<Publication> recovered = made.publications();
      StreamPosition start = made.position();
      if (start != null && !recovered.isEmpty()) {
        start = new StreamPosition(start.epoch(), recovered.get(0).offset() - 1);
      }
      push(new Push.Subscribed(channel, made.recoverable(), made.positioned(), start, made.data()));
    }
    for (Publication publication : made.publications()) {
      push(loop.node().namespaces().published(channel, publication));
    }
    subscriptions.goLive(channel);
  }

  void unsubscribe(Subscription subscription, UnsubscribeCode code) {
    if (subscription.ended()) {
      return;
    }
    boolean known = !subscription.pending();
    subscriptions.end(subscription);
    loop.node().metrics().unsubscribed(code.label());
    if (raw == null && known) {
      push(new Push.Unsubscribed(subscription.channel(), code));
    }
  }

  private void push(Push push) {
    if (!closeIfSlow()) {
      outbox.message(protocol.encode(push));
    }
  }

  void answer(long id, Reply reply) {
    if (!ended && !closeIfSlow()) {
      outbox.message(protocol.encode(id, reply));
    }
  }

  private void end(String label, int code, String reason) {
    if (!ended) {
      finish(label);
      connection.close(code, reason);
    }
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
    try {
      outbox.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      // The connection has to be closed all the same: nobody else would.
      log.error("last replies lost connection={}", info.client(), e);
    }
  }
}
