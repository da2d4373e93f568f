package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.GapCause;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node heard of one joined channel: tells the listener each event once and in order,
 * holds back what came too early, and says when the channel's owner has to be asked. Confined to
 * the node's thread.
 */
final class Receiver {
  private static final Logger log = LoggerFactory.getLogger(Receiver.class);
  private static final int EARLY_EVENTS = 256;
  private static final int EARLY_BYTES = 1 << 20;

  private final String channel;
  private final BackplaneListener listener;
  private final BackplaneMetrics metrics;
  private String epoch = "";
  private long offset;
  private long moves;
  private boolean placed;
  private boolean overflowed;
  private boolean mixedEpochs;
  private int earlyBytes;
  private long earlySince;
  private long lastOffer;

  /** What was known to exist, and was not here, when the owner was asked last. */
  private @Nullable Place owed;

  private long owedSince;
  private @Nullable TreeMap<Long, Event> early;

  /** Whether the channel's owner has to be asked what is missing. */
  enum Need {
    NOTHING,
    /** Something came early; what is missing may still be on its way. */
    SOON,
    NOW
  }

  Receiver(String channel, BackplaneListener listener, BackplaneMetrics metrics) {
    this.channel = channel;
    this.listener = listener;
    this.metrics = metrics;
  }

  /** The last place told; null until the channel's owner answered the join. */
  @Nullable Place place() {
    return placed ? new Place(epoch, offset, moves) : null;
  }

  boolean isWaitingSince(long nanos) {
    return owed != null
        ? owedSince - nanos <= 0
        : early != null && !early.isEmpty() && earlySince - nanos <= 0;
  }

  /** Events were dropped on their way here, since too many were. */
  void noteLoss() {
    overflowed = true;
  }

  /** Takes what a publisher handed out. */
  Need offer(String ofEpoch, List<? extends Event> events, long nowNanos) {
    lastOffer = nowNanos;
    if (!placed && epoch.isEmpty()) {
      epoch = ofEpoch;
    }
    if (!ofEpoch.equals(epoch)) {
      mixedEpochs = true;
      return placed ? Need.NOW : Need.SOON;
    }
    for (Event event : events) {
      if (placed && isNext(event)) {
        tell(event);
      } else if (!placed || event.sequence() > offset + moves) {
        keep(event, nowNanos);
      }
    }
    return drain();
  }

  /**
   * Takes the owner's answer.
   *
   * @param asked whether the answer has the events after {@link #place}, as it was when asked
   */
  Need stand(Outcome.Standing standing, boolean asked, long nowNanos) {
    if (!placed) {
      return start(standing);
    }
    if (!standing.lineage().epoch().equals(epoch)) {
      if (!fork(standing)) {
        return Need.NOTHING;
      }
    }
    if (!asked) {
      return standing.top().sequence() > offset + moves ? Need.NOW : drain();
    }
    mixedEpochs = false;
    return refill(standing, nowNanos);
  }

  private Need start(Outcome.Standing standing) {
    boolean sameEpoch = epoch.equals(standing.lineage().epoch());
    boolean missed = mixedEpochs || overflowed || !(sameEpoch || epoch.isEmpty());
    if (!sameEpoch) {
      forgetEarly();
    }
    moveTo(standing.top());
    placed = true;
    mixedEpochs = false;
    overflowed = false;
    return missed ? Need.NOW : drain();
  }

  /** Follows a fork; true if what comes after the present place is to be told. */
  private boolean fork(Outcome.Standing standing) {
    forgetEarly();
    Place end = standing.lineage().end(epoch, standing.offset(), standing.heldMoves());
    if (end != null && offset <= end.offset() && moves <= end.moves()) {
      epoch = standing.lineage().epoch();
      discontinued(GapCause.FORK);
      return true;
    }
    moveTo(standing.top());
    discontinued(end == null ? GapCause.LOST : GapCause.FORK);
    presenceReset();
    return false;
  }

  /**
   * Takes what the owner has kept. What it has not may be on its way from its publisher, so it is
   * given up only if it was missing {@link Channels#MISSING_NANOS} ago already.
   */
  private Need refill(Outcome.Standing standing, long nowNanos) {
    Place end = standing.top();
    int refilled = 0;
    for (Event event : standing.events()) {
      if (put(event, nowNanos) && event instanceof Event.Published) {
        refilled++;
      }
      if (!standing.complete()) {
        end = new Place(epoch, event.offset(), event.moves());
      }
    }
    if (refilled > 0) {
      metrics.refilled(refilled);
    }
    Place known = owed;
    if (known != null && nowNanos - owedSince >= Channels.MISSING_NANOS) {
      skipTo(known);
    }
    tellWhatIsNext();
    if (owed == null && end.sequence() > sequence()) {
      owed = end;
      owedSince = nowNanos;
    }
    overflowed &= owed != null;
    return owed == null && !standing.complete() ? Need.NOW : need();
  }

  /** Tells what is here up to {@code known}, and that the rest of it is not. */
  private void skipTo(Place known) {
    GapCause cause = overflowed ? GapCause.OVERLOAD : GapCause.TRIMMED;
    boolean missedMoves = false;
    Event event = pollEarlyUpTo(known.sequence());
    for (; event != null; event = pollEarlyUpTo(known.sequence())) {
      if (event.sequence() <= sequence()) {
        continue;
      }
      long offsetBefore = event.offset() - (event instanceof Event.Published ? 1 : 0);
      if (offsetBefore > offset) {
        offset = offsetBefore;
        discontinued(cause);
      }
      missedMoves |= event.moves() > moves + (event instanceof Event.Moved ? 1 : 0);
      moves = event.moves();
      if (event instanceof Event.Published || !missedMoves) {
        tell(event);
      }
    }
    missedMoves |= known.moves() > moves;
    moves = Math.max(moves, known.moves());
    if (known.offset() > offset) {
      offset = known.offset();
      discontinued(cause);
    }
    if (missedMoves) {
      presenceReset();
    }
  }

  private Need drain() {
    tellWhatIsNext();
    return need();
  }

  private void tellWhatIsNext() {
    while (placed && early != null && !early.isEmpty()) {
      Event first = early.firstEntry().getValue();
      boolean old = first.sequence() <= sequence();
      if (!old && !isNext(first)) {
        break;
      }
      Event unused = pollEarlyUpTo(first.sequence());
      earlySince = lastOffer;
      if (!old) {
        tell(first);
      }
    }
    if (early != null && early.isEmpty()) {
      early = null;
    }
    if (owed != null && owed.sequence() <= sequence()) {
      owed = null;
    }
  }

  private Need need() {
    if (overflowed && placed && owed == null) {
      return Need.NOW;
    }
    return early == null && owed == null ? Need.NOTHING : Need.SOON;
  }

  private @Nullable Event pollEarlyUpTo(long sequence) {
    if (early == null || early.isEmpty() || early.firstKey() > sequence) {
      return null;
    }
    Event first = early.pollFirstEntry().getValue();
    earlyBytes -= first.bytes();
    return first;
  }

  private void keep(Event event, long nowNanos) {
    if (early != null
        && (early.size() >= EARLY_EVENTS || earlyBytes + event.bytes() > EARLY_BYTES)) {
      overflowed = true;
    } else {
      boolean unused = put(event, nowNanos);
    }
  }

  /** False if the event has been told, or is here already. */
  private boolean put(Event event, long nowNanos) {
    if (event.sequence() <= sequence()) {
      return false;
    }
    if (early == null) {
      early = new TreeMap<>();
      earlySince = nowNanos;
    }
    boolean isNew = early.put(event.sequence(), event) == null;
    earlyBytes += isNew ? event.bytes() : 0;
    return isNew;
  }

  private long sequence() {
    return offset + moves;
  }

  private boolean isNext(Event event) {
    return event instanceof Event.Published
        ? event.offset() == offset + 1 && event.moves() == moves
        : event.moves() == moves + 1 && event.offset() == offset;
  }

  private void tell(Event event) {
    offset = event.offset();
    moves = event.moves();
    if (event instanceof Event.Published published) {
      metrics.received(1);
      safely(() -> listener.publication(channel, epoch, published.publication()));
    } else if (event instanceof Event.Moved moved && moved.in()) {
      safely(() -> listener.joined(channel, moved.member()));
    } else if (event instanceof Event.Moved moved) {
      safely(() -> listener.left(channel, moved.member()));
    }
  }

  private void discontinued(GapCause cause) {
    metrics.gap(cause);
    Place resumed = new Place(epoch, offset, moves);
    safely(() -> listener.discontinued(channel, resumed.position(), cause));
  }

  private void presenceReset() {
    safely(() -> listener.presenceReset(channel));
  }

  private void moveTo(Place place) {
    epoch = place.epoch();
    offset = place.offset();
    moves = place.moves();
  }

  private void forgetEarly() {
    early = null;
    owed = null;
    earlyBytes = 0;
  }

  /** Errors too: they must not stop half-way what the node's callers wait for. */
  private static void safely(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      log.error("listener failed", e);
    }
  }
}
