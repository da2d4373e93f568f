package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A channel's latest events: the publications that its policy keeps, at most {@link
 * #HISTORY_BYTES}, and the last {@link #MOVES_AT_MOST} moves. Both are without holes, so what is
 * missing is always at the old end. Not thread-safe.
 */
final class EventLog {
  /**
   * A migration serialises a whole channel on a partition thread: that bounds its history. All of
   * it is one page.
   */
  static final int HISTORY_BYTES = HistoryPage.BYTES_AT_MOST;

  static final int MOVES_AT_MOST = 64;

  /** What one answer carries at most; who is further behind asks again. */
  private static final int PAGE_EVENTS = 512;

  private static final int PAGE_BYTES = 256 * 1024;

  private final Deque<Event.Published> history = new ArrayDeque<>(1);
  private final Deque<Event.Moved> moves = new ArrayDeque<>(1);
  private int historyBytes;

  /** All of them, each kind in order. */
  List<Event> events() {
    List<Event> all = new ArrayList<>(history.size() + moves.size());
    all.addAll(history);
    all.addAll(moves);
    return all;
  }

  void add(Event event) {
    if (event instanceof Event.Published published) {
      history.addLast(published);
      historyBytes += published.bytes();
    } else if (event instanceof Event.Moved moved) {
      moves.addLast(moved);
      if (moves.size() > MOVES_AT_MOST) {
        moves.removeFirst();
      }
    }
  }

  /** Drops what is more, larger or older than {@code policy} and this class allow. */
  void trim(StreamPolicy policy, long nowMillis) {
    while (history.size() > policy.historySize()
        || (historyBytes > HISTORY_BYTES && history.size() > 1)) {
      dropOldest();
    }
    long oldest = nowMillis - policy.historyTtl().toMillis();
    while (!history.isEmpty() && history.getFirst().publication().timeMillis() <= oldest) {
      dropOldest();
    }
  }

  /** Drops all publications; moves stay. */
  void clear() {
    history.clear();
    historyBytes = 0;
  }

  boolean isOlderThan(long timeMillis) {
    return !history.isEmpty() && history.getFirst().publication().timeMillis() < timeMillis;
  }

  private void dropOldest() {
    historyBytes -= history.removeFirst().bytes();
  }

  /** The publications that {@code policy} keeps now, oldest first. */
  List<Publication> publications(StreamPolicy policy, long nowMillis) {
    long oldest = nowMillis - policy.historyTtl().toMillis();
    int skip = Math.max(0, history.size() - policy.historySize());
    List<Publication> kept = new ArrayList<>(history.size() - skip);
    for (Event.Published event : history) {
      if (skip-- <= 0 && event.publication().timeMillis() > oldest) {
        kept.add(event.publication());
      }
    }
    return kept;
  }

  /** Events in order; {@code complete}: there are none beyond them. */
  record Page(List<Event> events, boolean complete) {
    static final Page NOTHING = new Page(List.of(), true);
  }

  /** Events after the counts given, in order, up to a page of them. */
  Page after(long offset, long moveCount) {
    Iterator<Event.Published> published = history.iterator();
    Iterator<Event.Moved> moved = moves.iterator();
    Event nextPublished = nextAfter(published, offset, true);
    Event nextMoved = nextAfter(moved, moveCount, false);
    List<Event> page = new ArrayList<>();
    int bytes = 0;
    while ((nextPublished != null || nextMoved != null)
        && page.size() < PAGE_EVENTS
        && bytes < PAGE_BYTES) {
      boolean takePublished =
          nextMoved == null
              || (nextPublished != null && nextPublished.sequence() < nextMoved.sequence());
      Event next = takePublished ? nextPublished : nextMoved;
      if (next == null) {
        break;
      }
      page.add(next);
      bytes += next.bytes();
      if (takePublished) {
        nextPublished = published.hasNext() ? published.next() : null;
      } else {
        nextMoved = moved.hasNext() ? moved.next() : null;
      }
    }
    return new Page(page, nextPublished == null && nextMoved == null);
  }

  private static <E extends Event> @Nullable E nextAfter(
      Iterator<E> events, long count, boolean publications) {
    while (events.hasNext()) {
      E event = events.next();
      if ((publications ? event.offset() : event.moves()) > count) {
        return event;
      }
    }
    return null;
  }
}
