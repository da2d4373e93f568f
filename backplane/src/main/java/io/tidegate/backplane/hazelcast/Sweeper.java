package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.BackplaneMetrics;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what dead members left: presence (the leaves are told), interest, memory; and channels
 * that nobody uses any more. The oldest member does it for all, whenever a member dies and every 30
 * seconds; should it die itself, the next oldest hears of that and goes on. Confined to the node's
 * thread, but for the search, which waits for every member and has a thread of its own.
 */
final class Sweeper {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
  private static final long INTERVAL_NANOS = 30_000_000_000L;
  private static final long RETRY_NANOS = 1_000_000_000L;
  private static final int AT_ONCE = 256;

  private final Grid grid;
  private final Channels channels;
  private final RecentlyGone gone;
  private final BackplaneMetrics metrics;
  private final LongSupplier nanoTime;
  private final Executor searchThread;
  private final Executor thread;
  private final Queue<String> found = new ArrayDeque<>();
  private final Set<String> uncertain = new HashSet<>();
  private int inFlight;
  private boolean searching;
  private boolean again;
  private long next;

  /** The thread on which a node may wait for all members. */
  static ExecutorService searchThread(String nodeId) {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread searcher = new Thread(task, "tidegate-sweeper-" + nodeId);
          searcher.setDaemon(true);
          return searcher;
        });
  }

  Sweeper(
      Grid grid,
      Channels channels,
      RecentlyGone gone,
      BackplaneMetrics metrics,
      LongSupplier nanoTime,
      Executor searchThread,
      Executor thread) {
    this.grid = grid;
    this.channels = channels;
    this.gone = gone;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.searchThread = searchThread;
    this.thread = thread;
    this.next = nanoTime.getAsLong() + INTERVAL_NANOS;
  }

  void memberGone() {
    again = true;
    search();
  }

  void tick() {
    if (nanoTime.getAsLong() - next >= 0) {
      search();
    }
  }

  private void search() {
    if (searching || inFlight > 0 || !grid.isOldest()) {
      return;
    }
    searching = true;
    again = false;
    next = nanoTime.getAsLong() + INTERVAL_NANOS;
    var dead = gone.members();
    searchThread.execute(
        () -> {
          Collection<String> stale = null;
          try {
            stale = grid.findStale(dead);
          } catch (RuntimeException e) {
            log.debug("search for stale channels failed: {}", e.toString());
          }
          Collection<String> result = stale;
          thread.execute(() -> searched(result));
        });
  }

  private void searched(@Nullable Collection<String> stale) {
    searching = false;
    if (stale == null) {
      next = nanoTime.getAsLong() + RETRY_NANOS;
      return;
    }
    Set<String> todo = new LinkedHashSet<>(stale);
    todo.addAll(uncertain);
    found.addAll(todo);
    if (!todo.isEmpty()) {
      // Until a search finds nothing: what was under way may have come behind it.
      next = nanoTime.getAsLong() + RETRY_NANOS;
    }
    pump();
  }

  private void pump() {
    while (inFlight < AT_ONCE && !found.isEmpty()) {
      String channel = found.remove();
      inFlight++;
      var processor = new SweepChannel(gone.members());
      grid.<Swept>run(channel, processor, swept -> swept(channel, swept));
    }
    if (again) {
      search();
    }
  }

  private void swept(String channel, @Nullable Swept swept) {
    inFlight--;
    if (swept == null) {
      // It may have been done, so that no search finds it again, and its leaves are not told: it is
      // swept again with the next search, and then all compare.
      uncertain.add(channel);
    } else if (swept.answer() != null) {
      told(channel, swept.answer());
    } else {
      uncertain.remove(channel);
    }
    pump();
  }

  private void told(String channel, Answer answer) {
    channels.forked(answer.forked());
    if (answer.outcomes().get(0) instanceof Outcome.Moves moves) {
      // Smooth or not: a sweep waits for nobody.
      boolean unused = channels.handOut(channel, answer, List.copyOf(moves.events()));
      metrics.reaped(moves.events().size());
    }
    if (uncertain.remove(channel)) {
      channels.alarm(channel, answer.interested());
    }
    if (answer.more()) {
      found.add(channel);
    }
  }
}
