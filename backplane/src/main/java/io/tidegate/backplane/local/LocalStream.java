package io.tidegate.backplane.local;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One channel's publications: the newest ones, without holes, and the idempotency keys. Not
 * thread-safe; its {@link LocalChannel} guards it. It never forks, since it has no copies.
 */
final class LocalStream {
  private final String epoch;
  private final Deque<Kept> kept = new ArrayDeque<>(0);
  private final Map<String, Remembered> keys = new LinkedHashMap<>(0);
  private long top;

  private record Kept(Publication publication, long atNanos) {}

  private record Remembered(long offset, long atNanos) {}

  LocalStream(String epoch) {
    this.epoch = epoch;
  }

  String epoch() {
    return epoch;
  }

  StreamPosition top() {
    return new StreamPosition(epoch, top);
  }

  /** Where the publication with this key went, if it is remembered. */
  @Nullable StreamPosition known(@Nullable String idempotencyKey, long nowNanos) {
    forgetOldKeys(nowNanos);
    Remembered known = idempotencyKey == null ? null : keys.get(idempotencyKey);
    return known == null ? null : new StreamPosition(epoch, known.offset());
  }

  Publication append(PublishRequest request, long timeMillis, long nowNanos) {
    top++;
    var publication =
        new Publication(top, request.data(), request.info(), request.tags(), timeMillis);
    if (request.idempotencyKey() != null) {
      keys.put(request.idempotencyKey(), new Remembered(top, nowNanos));
      forgetOldKeys(nowNanos);
    }
    kept.addLast(new Kept(publication, nowNanos));
    trim(request.policy(), nowNanos);
    return publication;
  }

  HistoryPage read(StreamPolicy policy, HistoryQuery query, long nowNanos) {
    trim(policy, nowNanos);
    Continuity continuity = verdict(query);
    return new HistoryPage(
        top(), continuity == Continuity.FOREIGN ? List.of() : select(query), continuity);
  }

  /** Drops all publications; the position and the keys stay. */
  void clear() {
    kept.clear();
  }

  /** Drops what is too much or too old. */
  void trim(StreamPolicy policy, long nowNanos) {
    while (kept.size() > policy.historySize()) {
      kept.removeFirst();
    }
    while (!kept.isEmpty() && isOlder(kept.getFirst().atNanos(), policy.historyTtl(), nowNanos)) {
      kept.removeFirst();
    }
    forgetOldKeys(nowNanos);
  }

  private Continuity verdict(HistoryQuery query) {
    StreamPosition since = query.since();
    if (since == null) {
      return Continuity.CONTINUOUS;
    }
    if (!since.epoch().equals(epoch) || since.offset() > top) {
      return Continuity.FOREIGN;
    }
    long next = query.reverse() ? since.offset() - 1 : since.offset() + 1;
    boolean nothingThere = next < 1 || next > top;
    long oldest = top - kept.size() + 1;
    return nothingThere || next >= oldest ? Continuity.CONTINUOUS : Continuity.TRIMMED;
  }

  private List<Publication> select(HistoryQuery query) {
    Iterator<Kept> from = query.reverse() ? kept.descendingIterator() : kept.iterator();
    List<Publication> selected = new ArrayList<>();
    long bytes = 0;
    while (from.hasNext() && selected.size() != query.limit()) {
      Publication publication = from.next().publication();
      if (isBeyond(query.since(), publication.offset(), query.reverse())) {
        bytes += publication.size();
        if (bytes > HistoryPage.BYTES_AT_MOST && !selected.isEmpty()) {
          break;
        }
        selected.add(publication);
      }
    }
    return selected;
  }

  private static boolean isBeyond(@Nullable StreamPosition since, long offset, boolean reverse) {
    return since == null || (reverse ? offset < since.offset() : offset > since.offset());
  }

  private void forgetOldKeys(long nowNanos) {
    Iterator<Remembered> oldestFirst = keys.values().iterator();
    while (oldestFirst.hasNext()) {
      boolean old = isOlder(oldestFirst.next().atNanos(), Backplane.IDEMPOTENCY_WINDOW, nowNanos);
      if (!old && keys.size() <= Backplane.IDEMPOTENCY_KEYS) {
        return;
      }
      oldestFirst.remove();
    }
  }

  private static boolean isOlder(long atNanos, Duration age, long nowNanos) {
    return nowNanos - atNanos >= age.toNanos();
  }
}
