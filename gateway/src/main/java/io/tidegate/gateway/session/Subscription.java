package io.tidegate.gateway.session;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.hub.ChannelBatch;
import io.tidegate.gateway.hub.ChannelEvent;
import io.tidegate.gateway.hub.Subscriber;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel of one session. While its position is being settled it holds what arrives, within a
 * bound; once live, nothing at or below the position that the client was told is ever pushed. After
 * a gap it delivers nothing more: the client would take a later offset for its own position and
 * never ask for what it missed. Confined to the session's loop.
 */
final class Subscription extends Subscriber {
  private static final int HELD_BYTES = 256 << 10;

  private static final StreamPosition NOWHERE = new StreamPosition("", 0);

  private enum State {
    PENDING,
    LIVE,
    BROKEN,
    ENDED
  }

  private final Session session;
  private final String channel;
  private final Namespace namespace;
  private final @Nullable Granted granted;
  private final boolean serverSide;
  private final boolean recoverable;
  private final boolean positioned;
  private final boolean joinLeave;
  private final boolean sparesSender;
  private State state = State.PENDING;
  private StreamPosition start = NOWHERE;
  private @Nullable List<ChannelEvent> held;
  private int heldBytes;
  private boolean gapWhilePending;
  private boolean present;
  private @Nullable Promise<Void> settled;

  Subscription(Session session, String channel, Terms terms) {
    this.session = session;
    this.channel = channel;
    this.namespace = terms.namespace();
    this.serverSide = terms.serverSide();
    this.recoverable = terms.recoverable();
    this.positioned = terms.positioned();
    this.joinLeave = terms.joinLeave() && session.raw() == null;
    this.sparesSender = session.sparesSender();
    SubscriptionOptions options = terms.options();
    this.granted =
        options.equals(SubscriptionOptions.NONE) ? null : new Granted(session, this, options);
  }

  String channel() {
    return channel;
  }

  Namespace namespace() {
    return namespace;
  }

  /** What was said of it; absent where nothing was. */
  @Nullable Granted granted() {
    return granted;
  }

  boolean serverSide() {
    return serverSide;
  }

  boolean recoverable() {
    return recoverable;
  }

  boolean positioned() {
    return positioned;
  }

  /** The client as others see it in this channel. */
  ClientInfo member() {
    return granted == null ? session.info() : granted.member();
  }

  boolean ended() {
    return state == State.ENDED;
  }

  /** Whether it is still being made, so that the client does not know of it yet. */
  boolean pending() {
    return state == State.PENDING;
  }

  /** Completes when it is live, or has ended. */
  Future<Void> settled() {
    if (!pending()) {
      return Future.succeededFuture();
    }
    if (settled == null) {
      settled = Promise.promise();
    }
    return settled.future();
  }

  /** Tells those who wait for it; the last that is done when it goes live, and when it ends. */
  void settle() {
    Promise<Void> told = settled;
    settled = null;
    if (told != null) {
      told.complete();
    }
  }

  /** Whether something was missed before the subscription went live. */
  boolean gapWhilePending() {
    return gapWhilePending;
  }

  /**
   * Whether the client's position was read from a fork while the node, which stands at {@code
   * heard}, went on along the branch that was lost.
   */
  boolean holdsLostBranch(StreamPosition heard) {
    return !heard.epoch().equals(start.epoch()) && heard.offset() > start.offset();
  }

  /** Whether the presence store has an entry of it, or may have. */
  void present(boolean entered) {
    present = entered;
  }

  boolean present() {
    return present;
  }

  /** Forgets what is held and what was missed: it is going to be read from history. */
  void holdAnew() {
    gapWhilePending = false;
    held = null;
    heldBytes = 0;
  }

  /** Refuses to go on for one that has ended meanwhile. */
  void requireWanted() {
    if (ended()) {
      throw Refusal.unsubscribed();
    }
  }

  /** Nothing at or below {@code position} will be pushed; how the client is told so. */
  Reply.Subscribed startAt(
      StreamPosition position,
      boolean wasRecovering,
      boolean recovered,
      List<Publication> publications) {
    requireWanted();
    start = position;
    return new Reply.Subscribed(
        recoverable,
        positioned,
        positioned ? position : null,
        wasRecovering,
        recovered,
        publications,
        granted == null ? null : granted.ttlSeconds(),
        granted == null ? null : granted.data());
  }

  /**
   * From here on what arrives is pushed; what was held goes first. The reply was queued just
   * before.
   */
  void goLive() {
    state = State.LIVE;
    List<ChannelEvent> events = held;
    held = null;
    if (events != null && !gapWhilePending) {
      events.forEach(this::push);
    }
    if (granted != null) {
      granted.told();
    }
    settle();
  }

  void end() {
    state = State.ENDED;
    held = null;
    if (granted != null) {
      granted.stop();
    }
  }

  @Override
  protected void deliver(ChannelBatch batch) {
    if (state == State.PENDING) {
      hold(batch.events());
    } else if (state == State.LIVE && !session.closeIfSlow()) {
      if (ofAnotherHistory(batch)) {
        broken();
      } else if (batch.firstOffset() > start.offset() && !sparedAny(batch.events())) {
        session.outbox().frames(batch, joinLeave);
      } else {
        batch.events().forEach(this::push);
      }
    }
  }

  @Override
  protected void discontinued(StreamPosition resumed, GapCause cause) {
    if (state == State.PENDING) {
      gapWhilePending = true;
      held = null;
      start = resumed;
    } else if (state == State.LIVE && !positioned) {
      // What comes is new to it, whatever its number: a history that was lost begins again at 1.
      start = NOWHERE;
    } else if (state == State.LIVE && !startsBehind(resumed)) {
      broken();
    }
  }

  /**
   * Subscribing again, the client reads the members anew. Where it cannot recover, that would cost
   * it publications, so there it is left with what it knows.
   */
  @Override
  protected void presenceReset() {
    if (state == State.LIVE && joinLeave && recoverable) {
      broken();
    }
  }

  /**
   * The client's position was read from a fork that the node had not followed yet. It has now, and
   * nothing was pushed in between ({@link #ofAnotherHistory}), so nothing is missing.
   */
  private boolean startsBehind(StreamPosition resumed) {
    return resumed.epoch().equals(start.epoch()) && resumed.offset() <= start.offset();
  }

  /** A publication of another branch than the client's position would be taken for one of it. */
  private boolean ofAnotherHistory(ChannelBatch batch) {
    long first = batch.firstOffset();
    return positioned && first != Long.MAX_VALUE && !batch.epoch().equals(start.epoch());
  }

  private void broken() {
    state = State.BROKEN;
    session.resubscribeSoon(this);
  }

  private void hold(List<ChannelEvent> events) {
    if (gapWhilePending) {
      return;
    }
    if (held == null) {
      held = new ArrayList<>(events.size());
    }
    for (ChannelEvent event : events) {
      if (joinLeave || !event.presence()) {
        held.add(event);
        heldBytes += event.encoded(session.protocol()).bytes().length;
      }
    }
    if (heldBytes > HELD_BYTES) {
      gapWhilePending = true;
      held = null;
    }
  }

  private void push(ChannelEvent event) {
    boolean wanted = event.presence() ? joinLeave : event.offset() > start.offset();
    if (wanted && !spared(event)) {
      session.outbox().delivery(event.encoded(session.protocol()));
    }
  }

  private boolean sparedAny(List<ChannelEvent> events) {
    for (int i = 0; sparesSender && i < events.size(); i++) {
      if (spared(events.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** A publication of its own, on a route that keeps those from their sender. */
  private boolean spared(ChannelEvent event) {
    return sparesSender && event.isFrom(session.client());
  }
}
