package io.tidegate.gateway.session;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Right;
import io.tidegate.gateway.metrics.Metrics;
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
  /** Reads of history for one recovery at most, where the node misses something meanwhile. */
  private static final int READS = 3;

  private final Session session;

  // Most clients have one or none, so there is a map that grows from the second on only.
  private Map<String, Subscription> byChannel = Map.of();

  Subscriptions(Session session) {
    this.session = session;
  }

  boolean contains(String channel) {
    return byChannel.containsKey(channel);
  }

  Future<Reply> subscribe(Command.Subscribe command) {
    String channel = command.channel();
    Namespace namespace = ChannelAccess.namespace(node(), channel);
    if (contains(channel)) {
      throw new Refusal(ErrorCode.ALREADY_SUBSCRIBED, "");
    }
    if (byChannel.size() >= node().limits().subscriptions()) {
      node().metrics().limitHit("subscriptions");
      throw new Refusal(
          ErrorCode.LIMIT_EXCEEDED,
          "subscriptions: " + byChannel.size() + " (expected: below the limit)");
    }
    ChannelAccess.require(node(), namespace.subscribe(), Right.SUBSCRIBE, session, channel);
    if (!namespace.json() && !session.protocol().carriesBytes()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "channel: bytes (expected: JSON)");
    }
    var subscription =
        new Subscription(session, loop().shard().shared(channel), namespace, command.joinLeave());
    add(subscription);
    return loop()
        .shard()
        .subscribe(channel, namespace.stream(), subscription)
        .compose(base -> enterPresence(subscription).map(entered -> base))
        .compose(
            base ->
                recovering(command, namespace)
                    ? recover(subscription, command.recover(), base, READS)
                    : Future.succeededFuture(fresh(subscription, base)))
        .onFailure(e -> end(subscription))
        .map(reply -> wanted(subscription, reply));
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
  }

  private Future<Void> enterPresence(Subscription subscription) {
    requireWanted(subscription);
    Namespace namespace = subscription.namespace();
    if (!namespace.tracksPresence()) {
      return Future.succeededFuture();
    }
    subscription.present(true);
    return loop()
        .attendance()
        .enter(subscription.channel(), session.info(), namespace.joinLeave())
        .onFailure(e -> subscription.present(mayBeDone(e)));
  }

  /** Or else every client that is refused during an outage would leave a removal to be made up. */
  private static boolean mayBeDone(Throwable failure) {
    return !(failure instanceof BackplaneException e) || e.reason() == Reason.INDETERMINATE;
  }

  private static boolean recovering(Command.Subscribe command, Namespace namespace) {
    return command.recover() != null && namespace.recover();
  }

  private Future<Reply.Subscribed> recover(
      Subscription subscription, @Nullable StreamPosition since, StreamPosition base, int reads) {
    var query = new HistoryQuery(since, HistoryQuery.ALL, false);
    return node()
        .backplane()
        .history(subscription.channel(), subscription.namespace().stream(), query)
        .compose(
            page -> {
              requireWanted(subscription);
              if (!subscription.gapWhilePending() || reads == 1) {
                return Future.succeededFuture(recovered(subscription, page, base));
              }
              // The node missed something, or heard too much to hold: history may still have it.
              StreamPosition anew = loop().shard().position(subscription.channel());
              subscription.holdAnew();
              return recover(subscription, since, anew, reads - 1);
            });
  }

  /**
   * All or nothing: recovered only if the page continues the client's position and reaches ours,
   * and if nothing that is held belongs to a branch that the page does not know.
   */
  private Reply.Subscribed recovered(
      Subscription subscription, HistoryPage page, StreamPosition base) {
    StreamPosition heard = loop().shard().position(subscription.channel());
    boolean oneBranch =
        heard.epoch().equals(page.top().epoch()) || heard.offset() <= page.top().offset();
    boolean whole =
        page.continuity() == Continuity.CONTINUOUS
            && oneBranch
            && page.top().offset() >= base.offset()
            && !subscription.gapWhilePending();
    if (!whole) {
      node().metrics().recovery(Metrics.Recovery.UNRECOVERABLE);
      return reply(subscription, start(subscription, base), true, false, List.of());
    }
    boolean missed = !page.publications().isEmpty();
    node().metrics().recovery(missed ? Metrics.Recovery.RECOVERED : Metrics.Recovery.NONE_MISSED);
    return reply(subscription, page.top(), true, true, page.publications());
  }

  private Reply.Subscribed fresh(Subscription subscription, StreamPosition base) {
    return reply(subscription, start(subscription, base), false, false, List.of());
  }

  /** Where a subscription starts that recovers nothing: from its base, or behind a gap. */
  private StreamPosition start(Subscription subscription, StreamPosition base) {
    requireWanted(subscription);
    return subscription.gapWhilePending() ? loop().shard().position(subscription.channel()) : base;
  }

  private static Reply.Subscribed reply(
      Subscription subscription,
      StreamPosition position,
      boolean wasRecovering,
      boolean recovered,
      List<Publication> publications) {
    subscription.startAt(position);
    return new Reply.Subscribed(
        subscription.namespace().recover(),
        subscription.positioned(),
        subscription.positioned() ? position : null,
        wasRecovering,
        recovered,
        publications,
        null,
        null);
  }

  private static Reply wanted(Subscription subscription, Reply.Subscribed reply) {
    requireWanted(subscription);
    return reply;
  }

  private static void requireWanted(Subscription subscription) {
    if (subscription.ended()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "unsubscribed meanwhile");
    }
  }
}
