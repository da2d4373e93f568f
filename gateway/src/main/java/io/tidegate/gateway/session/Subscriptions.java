package io.tidegate.gateway.session;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Right;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one session. Confined to the session's loop.
 *
 * <p>Subscribing is: rights and limits, the hub (from here on what arrives is held), the presence
 * entry, the history after the client's position, and then in one task the reply and going live. So
 * the client is told a position once, and what comes after is neither repeated nor missing.
 */
final class Subscriptions {
  private final Session session;

  // Most clients have one or none, so there is a map that grows from the second on only.
  private Map<String, Subscription> byChannel = Map.of();

  Subscriptions(Session session) {
    this.session = session;
  }

  boolean contains(String channel) {
    return byChannel.containsKey(channel);
  }

  /** The one of {@code channel}; absent where there is none. */
  @Nullable Subscription find(String channel) {
    return byChannel.get(channel);
  }

  /** The client as others see it in {@code channel}. */
  ClientInfo member(String channel) {
    Subscription subscription = byChannel.get(channel);
    return subscription == null ? session.info() : subscription.member();
  }

  /** Subscribes a client that asks for it: as the namespace lets it, or as its token says. */
  Future<Reply.Subscribed> subscribe(Command.Subscribe command) {
    String channel = command.channel();
    String token = command.token();
    Namespace namespace = ChannelAccess.namespace(node(), channel);
    requireRoom(channel);
    if (token == null || token.isEmpty()) {
      ChannelAccess.require(node(), namespace.subscribe(), Right.SUBSCRIBE, session, channel);
      return subscribe(command, namespace, SubscriptionOptions.NONE);
    }
    return loop()
        .commands()
        .tokens()
        .granted(session, channel, token)
        .compose(
            options -> {
              requireRoom(channel);
              return subscribe(command, namespace, options);
            });
  }

  private Future<Reply.Subscribed> subscribe(
      Command.Subscribe command, Namespace namespace, SubscriptionOptions options) {
    boolean readsHistory = readsHistory(command, namespace);
    return subscribe(command.channel(), Terms.asked(command, namespace, readsHistory, options));
  }

  /** Subscribes a client by the server's own decision. */
  Future<Reply.Subscribed> make(
      String channel, SubscriptionOptions options, @Nullable StreamPosition recover) {
    Namespace namespace = ChannelAccess.namespace(node(), channel);
    requireRoom(channel);
    return subscribe(channel, Terms.made(namespace, options, recover));
  }

  /** The one way in; nobody would take out again what is made for a session that has ended. */
  private Future<Reply.Subscribed> subscribe(String channel, Terms terms) {
    if (session.ended()) {
      throw Refusal.sessionEnded();
    }
    Namespace namespace = terms.namespace();
    if (!namespace.json() && !session.protocol().carriesBytes()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "channel: bytes (expected: JSON)");
    }
    var subscription = new Subscription(session, loop().shard().shared(channel), terms);
    add(subscription);
    return loop()
        .shard()
        .subscribe(channel, namespace.stream(), subscription)
        .compose(base -> enterPresence(subscription, terms).map(entered -> base))
        .compose(base -> start(subscription, terms, base))
        .recover(e -> Future.failedFuture(wanted(subscription) ? e : Refusal.unsubscribed()))
        .onFailure(e -> end(subscription))
        .map(
            reply -> {
              subscription.requireWanted();
              return reply;
            });
  }

  /** One that is being made fails in many ways when it is ended. */
  private boolean wanted(Subscription subscription) {
    return session.ended() || !subscription.ended();
  }

  private Future<Reply.Subscribed> start(
      Subscription subscription, Terms terms, StreamPosition base) {
    StreamPosition recover = terms.recover();
    if (recover != null && terms.recoverable()) {
      return new Recovery(loop(), subscription, recover, terms.recoverOrFail()).run(base);
    }
    if (recover != null && terms.recoverOrFail()) {
      throw new Refusal(ErrorCode.UNRECOVERABLE_POSITION, "recovery: off for this channel");
    }
    return Future.succeededFuture(fresh(subscription, base));
  }

  /** From where the node stands, or behind what it has missed. */
  private Reply.Subscribed fresh(Subscription subscription, StreamPosition base) {
    StreamPosition start =
        subscription.gapWhilePending() ? loop().shard().position(subscription.channel()) : base;
    return subscription.startAt(start, false, false, List.of());
  }

  /**
   * What was to be told of a subscription that had to wait before it went live: it starts behind
   * what the node has missed meanwhile.
   */
  Reply.Subscribed asOfNow(String channel, Reply.Subscribed made) {
    Subscription subscription = byChannel.get(channel);
    if (subscription == null) {
      return made;
    }
    StreamPosition heard = loop().shard().position(channel);
    return subscription.gapWhilePending() || subscription.holdsLostBranch(heard)
        ? subscription.startAt(heard, made.wasRecovering(), false, List.of())
        : made;
  }

  private void requireRoom(String channel) {
    if (contains(channel)) {
      throw new Refusal(ErrorCode.ALREADY_SUBSCRIBED, "");
    }
    if (byChannel.size() >= node().limits().subscriptions()) {
      node().metrics().limitHit("subscriptions");
      throw new Refusal(
          ErrorCode.LIMIT_EXCEEDED,
          "subscriptions: " + byChannel.size() + " (expected: below the limit)");
    }
  }

  private boolean readsHistory(Command.Subscribe command, Namespace namespace) {
    return (command.positioned() || command.recoverable())
        && node()
            .namespaces()
            .allows(
                namespace.readHistory(),
                Right.READ_HISTORY,
                session.identity(),
                command.channel(),
                true);
  }

  /** Called right after the reply to a subscribe was queued, in the same task. */
  void goLive(String channel) {
    Subscription subscription = byChannel.get(channel);
    if (subscription != null) {
      subscription.goLive();
    }
  }

  Future<Reply> unsubscribe(Command.Unsubscribe command) {
    Subscription subscription = byChannel.get(command.channel());
    if (subscription != null) {
      end(subscription);
    }
    return Future.succeededFuture(Reply.Empty.UNSUBSCRIBED);
  }

  /** Ends one subscription; no effect on one that has ended. */
  void end(Subscription subscription) {
    if (!subscription.ended()) {
      if (byChannel.size() == 1) {
        byChannel = Map.of();
      } else {
        byChannel.remove(subscription.channel());
      }
      release(subscription);
    }
  }

  void endAll() {
    Map<String, Subscription> all = byChannel;
    byChannel = Map.of();
    all.values().forEach(this::release);
  }

  private void add(Subscription subscription) {
    if (byChannel.isEmpty()) {
      byChannel = Map.of(subscription.channel(), subscription);
    } else {
      if (byChannel.size() == 1) {
        byChannel = new HashMap<>(byChannel);
      }
      byChannel.put(subscription.channel(), subscription);
    }
    loop().subscriptionsChanged(1);
  }

  private SessionLoop loop() {
    return session.loop();
  }

  private SessionNode node() {
    return session.loop().node();
  }

  private void release(Subscription subscription) {
    subscription.end();
    loop().subscriptionsChanged(-1);
    String channel = subscription.channel();
    loop().shard().unsubscribe(channel, subscription.namespace().stream(), subscription);
    if (subscription.present()) {
      loop().attendance().leave(channel, session.client());
    }
    subscription.settle();
  }

  private Future<Void> enterPresence(Subscription subscription, Terms terms) {
    subscription.requireWanted();
    if (!terms.entersPresence()) {
      return Future.succeededFuture();
    }
    subscription.present(true);
    return loop()
        .attendance()
        .enter(subscription.channel(), subscription.member(), terms.announced())
        .onFailure(e -> subscription.present(mayBeDone(e)));
  }

  /** Or else every client that is refused during an outage would leave a removal to be made up. */
  private static boolean mayBeDone(Throwable failure) {
    return !(failure instanceof BackplaneException e) || e.reason() == Reason.INDETERMINATE;
  }
}
