package io.tidegate.loadtest;

import io.tidegate.loadtest.client.ClientException;
import io.tidegate.loadtest.client.Payload;
import io.tidegate.loadtest.client.RunClock;
import io.tidegate.loadtest.measure.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes by the plan. A publisher has one publication unanswered at most, so that its numbers
 * tell the order in which the gateway had to keep them; what is due while it waits is sent late,
 * and counts from when it was due. Confined to its thread, but for the counts.
 */
final class Publishers {
  // In a closed loop, else a publisher whose connection is gone would fail as fast as it can.
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Load load;
  private final Layout layout;
  private final RunClock clock;
  private final Road road;
  private final ScheduledExecutorService thread;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final Failures failures = new Failures();
  private final long total;
  private final boolean[] waiting;
  private final long[] next;
  private final int[][] numbers;
  private final int[][] acknowledgedNumbers;
  private long nextDue;
  private int unanswered;
  private boolean stopped;

  Publishers(Load load, RunClock clock, Road road, ScheduledExecutorService thread) {
    this.load = load;
    this.clock = clock;
    this.road = road;
    this.thread = thread;
    layout = load.layout();
    total =
        load.rate() == null
            ? Long.MAX_VALUE
            : Math.max(1, (long) Math.ceil(load.nanos() / 1e9 * load.rate()));
    waiting = new boolean[layout.publishers()];
    next = new long[layout.publishers()];
    for (int publisher = 0; publisher < next.length; publisher++) {
      next[publisher] = publisher;
    }
    numbers = new int[layout.channels()][layout.slots()];
    acknowledgedNumbers = new int[layout.channels()][layout.slots()];
  }

  /** Completes when the time is over and everything that was sent is answered. */
  CompletableFuture<Void> run() {
    in(-now(), load.rate() == null ? this::sendToAll : this::sendWhatIsDue);
    in(load.nanos() + load.drain().toNanos() - now(), this::stopNow);
    return done;
  }

  /** Sends no more. From any thread. */
  void stop() {
    thread.execute(() -> guarded(this::stopNow));
  }

  long sent() {
    return sent.get();
  }

  long acknowledged() {
    return acknowledged.get();
  }

  Failures failures() {
    return failures;
  }

  /** How many of a channel's publisher were acknowledged. Read when done. */
  int acknowledged(int channel, int slot) {
    return acknowledgedNumbers[channel][slot];
  }

  /** Publications whose time came and that were never sent. Read when done. */
  long unsent(long untilNanos) {
    if (load.rate() == null) {
      return 0;
    }
    long came = Math.min(total, (long) Math.ceil(untilNanos / 1e9 * load.rate()));
    return Math.max(0, came - sent.get());
  }

  private void sendToAll() {
    for (int publisher = 0; publisher < next.length; publisher++) {
      send(publisher, now());
    }
  }

  private void sendWhatIsDue() {
    while (!stopped && nextDue < total) {
      long wait = due(nextDue) - now();
      if (wait > 0) {
        in(wait, this::sendWhatIsDue);
        return;
      }
      int publisher = layout.publisherOf(nextDue);
      if (!waiting[publisher] && next[publisher] <= nextDue) {
        send(publisher, due(next[publisher]));
      }
      nextDue++;
    }
    finishIfOver();
  }

  private void send(int publisher, long dueNanos) {
    long publication = next[publisher];
    int channel = layout.channelOf(publication);
    int slot = layout.slot(publisher);
    int number = numbers[channel][slot]++;
    next[publisher] += layout.publishers();
    waiting[publisher] = true;
    unanswered++;
    sent.incrementAndGet();
    String data = Payload.of(clock.run(), channel, slot, number, dueNanos, clock.payloadBytes());
    CompletableFuture<Void> unused =
        road.publish(publisher, load.channel(channel), data)
            .whenCompleteAsync(
                (answer, failure) -> guarded(() -> answered(publisher, channel, slot, failure)),
                thread);
  }

  private void answered(int publisher, int channel, int slot, @Nullable Throwable failure) {
    unanswered--;
    waiting[publisher] = false;
    if (failure == null) {
      acknowledged.incrementAndGet();
      acknowledgedNumbers[channel][slot]++;
    } else {
      failures.add(kind(failure));
    }
    if (stopped) {
      finishIfOver();
    } else if (load.rate() == null) {
      sendAgain(publisher, failure == null ? 0 : PAUSE_NANOS);
    } else if (next[publisher] < nextDue) {
      send(publisher, due(next[publisher]));
    } else {
      finishIfOver();
    }
  }

  private void sendAgain(int publisher, long pauseNanos) {
    if (now() >= load.nanos()) {
      finishIfOver();
    } else if (pauseNanos > 0) {
      in(pauseNanos, () -> sendAgain(publisher, 0));
    } else if (!stopped) {
      send(publisher, now());
    }
  }

  private void stopNow() {
    stopped = true;
    finishIfOver();
  }

  private void finishIfOver() {
    boolean over = stopped || (load.rate() == null ? now() >= load.nanos() : nextDue >= total);
    if (over && unanswered == 0) {
      done.complete(null);
    }
  }

  private long due(long publication) {
    return load.rate() == null ? now() : Math.round(publication / load.rate() * 1e9);
  }

  private long now() {
    return System.nanoTime() - clock.startNanos();
  }

  private void in(long nanos, Runnable task) {
    var unused = thread.schedule(() -> guarded(task), nanos, TimeUnit.NANOSECONDS);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
      throw e;
    }
  }

  private static String kind(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof LoadTestException known
        ? String.valueOf(known.getMessage())
        : ClientException.kind(failure);
  }
}
