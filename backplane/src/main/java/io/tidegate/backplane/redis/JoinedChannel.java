package io.tidegate.backplane.redis;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.redis.Event.Moved;
import io.tidegate.backplane.redis.Event.Published;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts one channel's events before the listener, each right after the one before. An event that
 * does not follow shows that something is missing: it and those after it are held while the stream
 * is read after the last known place, and what is read and what was held are merged. Confined to
 * the node's context.
 */
final class JoinedChannel {
  private static final int HELD_AT_MOST = 256;
  private static final int HELD_BYTES_AT_MOST = 1 << 20;

  private final String name;
  private final BackplaneListener listener;
  private final BackplaneMetrics metrics;
  private final Deque<Event> held = new ArrayDeque<>(0);
  private int heldBytes;
  private StreamPolicy policy;
  private @Nullable Place place;
  private boolean reading = true;
  private boolean missed;

  /** Begins to hold what is heard, until {@link #begin}. */
  JoinedChannel(
      String name, StreamPolicy policy, BackplaneListener listener, BackplaneMetrics metrics) {
    this.name = name;
    this.policy = policy;
    this.listener = listener;
    this.metrics = metrics;
  }

  String name() {
    return name;
  }

  StreamPolicy policy() {
    return policy;
  }

  void policy(StreamPolicy policy) {
    this.policy = policy;
  }

  /** The last place told; absent until {@link #begin}. */
  @Nullable Place place() {
    return place;
  }

  /** From here on everything is told. True if the stream must be read. */
  boolean begin(Place first) {
    place = first;
    return afterReading();
  }

  /** True if the stream must be read, and the answer given to {@link #read}. */
  boolean hear(Event event) {
    if (reading) {
      hold(event);
      return false;
    }
    if (take(event)) {
      return false;
    }
    hold(event);
    return true;
  }

  /** Begins a reading, unless one is under way. True if it began. */
  boolean startReading() {
    if (reading) {
      return false;
    }
    reading = true;
    return true;
  }

  /** No reading came about: what was held stays so until the next one. */
  void readingFailed() {
    reading = false;
    if (!held.isEmpty()) {
      missed = true;
      forgetHeld();
    }
  }

  /** Something may be missed that is not seen here: what comes next is a reading. */
  void miss() {
    missed = true;
  }

  /**
   * Whether the page ends beyond {@link #place} and does not bring all that is between: only what
   * is still on its way from the server can tell whether it is missing.
   */
  boolean isAhead(Page page) {
    List<Publication> brought = page.publications();
    Place end = place;
    if (end != null && !brought.isEmpty()) {
      end = end.to(brought.get(brought.size() - 1).offset());
    }
    return !page.top().equals(end);
  }

  /**
   * Takes what was read after {@link #place}, and heard of what it {@linkplain #isAhead ends
   * beyond}. True if the stream must be read again.
   */
  boolean read(Page page) {
    Place last = place;
    if (last == null) {
      return false;
    }
    Place top = page.top();
    if (!top.epoch().equals(last.epoch())) {
      changeEpoch(page, last);
    } else if (top.offset() < last.offset() || top.moves() < last.moves()) {
      moveTo(top, GapCause.LOST);
    }
    // What came meanwhile and follows is not missing.
    last = tellHeld();
    for (Publication publication : page.publications()) {
      if (publication.offset() > last.offset()) {
        if (publication.offset() != last.offset() + 1) {
          gap(last.to(publication.offset() - 1), GapCause.TRIMMED);
        }
        place = last.to(publication.offset());
        metrics.received(1);
        metrics.refilled(1);
        listener.publication(name, last.epoch(), publication);
        last = tellHeld();
      }
    }
    boolean more = !page.publications().isEmpty() && last.offset() < top.offset();
    if (!more && last.offset() < top.offset()) {
      last = last.to(top.offset());
      gap(last, GapCause.TRIMMED);
    }
    if (!more && last.moves() < top.moves()) {
      place = new Place(last.epoch(), last.offset(), top.moves());
      listener.presenceReset(name);
    }
    boolean again = afterReading();
    return more || again;
  }

  private void changeEpoch(Page page, Place last) {
    Place end = page.endOf(last.epoch());
    if (end == null || end.offset() < last.offset()) {
      moveTo(page.top(), end == null ? GapCause.LOST : GapCause.FORK);
      return;
    }
    boolean knowsMoves = end.moves() >= last.moves();
    long moves = knowsMoves ? last.moves() : page.top().moves();
    gap(new Place(page.top().epoch(), last.offset(), moves), GapCause.FORK);
    if (!knowsMoves) {
      listener.presenceReset(name);
    }
  }

  private void moveTo(Place top, GapCause cause) {
    gap(top, cause);
    listener.presenceReset(name);
  }

  private void gap(Place resumed, GapCause cause) {
    place = resumed;
    metrics.gap(cause);
    listener.discontinued(name, resumed.position(), cause);
  }

  /** Tells what was held, as far as it follows; answers where that ends. */
  @CanIgnoreReturnValue
  private Place tellHeld() {
    while (!held.isEmpty() && take(held.peek())) {
      heldBytes -= held.remove().size();
    }
    return requireNonNull(place, "place");
  }

  /** Goes on with what was held. True if something is missing there, too. */
  private boolean afterReading() {
    reading = false;
    boolean again = missed;
    missed = false;
    tellHeld();
    if (!held.isEmpty()) {
      // Of an epoch that has ended, or beyond a hole: what is true of it stands in the stream.
      forgetHeld();
      again = true;
    }
    return again;
  }

  private void forgetHeld() {
    held.clear();
    heldBytes = 0;
  }

  private void hold(Event event) {
    if (missed) {
      return;
    }
    held.add(event);
    heldBytes += event.size();
    if (held.size() > HELD_AT_MOST || heldBytes > HELD_BYTES_AT_MOST) {
      // All of it can be read once more.
      missed = true;
      forgetHeld();
    }
  }

  /** Tells the event if it is the next one, and drops one that was told. False if it is neither. */
  private boolean take(Event event) {
    Place last = place;
    Place next = event.place();
    if (last == null || !next.epoch().equals(last.epoch())) {
      return false;
    }
    boolean isOld = next.offset() <= last.offset() && next.moves() <= last.moves();
    if (isOld) {
      return true;
    }
    if (event instanceof Published published) {
      if (next.offset() != last.offset() + 1 || next.moves() != last.moves()) {
        return false;
      }
      place = next;
      listener.publication(name, next.epoch(), published.publication());
      metrics.received(1);
      return true;
    }
    if (event instanceof Moved moved) {
      if (next.moves() != last.moves() + 1 || next.offset() != last.offset()) {
        return false;
      }
      place = next;
      if (moved.in()) {
        listener.joined(name, moved.member());
      } else {
        listener.left(name, moved.member());
      }
    }
    return true;
  }
}
