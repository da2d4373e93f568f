package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Awaited;
import io.tidegate.loadtest.client.ClientException;
import io.tidegate.loadtest.client.Payload;
import io.tidegate.loadtest.client.RunClock;
import io.tidegate.loadtest.measure.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes by the plan. A publisher has one publication unanswered at most, so that its numbers
 * tell the order in which the gateway had to keep them; what is due while it waits is sent late,
 * and counts from when it was due. In a closed loop it may wait until all subscribers have it, too.
 * Confined to its thread, but for the counts.
 */
final class Publishers {
  // In a closed loop, else a publisher whose connection is gone would fail as fast as it can.
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Load load;
  private final int subscribers;
  private final Layout layout;
  private final RunClock clock;
  private final @Nullable Awaited awaited;
  private final Road road;
  private final ScheduledExecutorService thread;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final Failures failures = new Failures();
  private final long total;
  private final List<Publisher> publishers = new ArrayList<>();
  private final Publisher[][] bySlot;
  private final int[][] numbers;
  private final int[][] acknowledgedNumbers;
  private long nextDue;
  private int unanswered;
  private boolean stopped;

  /** One publisher, and what it waits for. */
  private static final class Publisher {
    final int index;
    // The number of its next publication among all of the run.
    long next;
    long sentNanos;
    @Nullable CompletableFuture<Void> answer;
    boolean undelivered;

    Publisher(int index) {
      this.index = index;
      next = index;
    }
  }

  /**
   * Publishers of a run.
   *
   * @param subscribers of all channels together
   * @param awaited by whom deliveries are told; null where publishers do not wait for them
   */
  Publishers(
      Load load,
      int subscribers,
      RunClock clock,
      @Nullable Awaited awaited,
      Road road,
      ScheduledExecutorService thread) {
    this.load = load;
    this.subscribers = subscribers;
    this.clock = clock;
    this.awaited = awaited;
    this.road = road;
    this.thread = thread;
    layout = load.layout();
    total =
        load.rate() == null
            ? Long.MAX_VALUE
            : Math.max(1, (long) Math.ceil(load.nanos() / 1e9 * load.rate()));
    for (int index = 0; index < layout.publishers(); index++) {
      publishers.add(new Publisher(index));
    }
    bySlot = new Publisher[layout.channels()][layout.slots()];
    numbers = new int[layout.channels()][layout.slots()];
    acknowledgedNumbers = new int[layout.channels()][layout.slots()];
  }

  /** Completes when the time is over and everything that was sent is answered. */
  CompletableFuture<Void> run() {
    if (awaited != null) {
      awaited.tell(
          (channel, slot) -> thread.execute(() -> guarded(() -> delivered(channel, slot))));
    }
    in(-now(), load.rate() == null ? this::sendToAll : this::sendWhatIsDue);
    in(load.nanos() + load.drain().toNanos() - now(), this::stopNow);
    in(LOOK_NANOS, this::look);
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
    publishers.forEach(publisher -> send(publisher, now()));
  }

  private void sendWhatIsDue() {
    while (!stopped && nextDue < total) {
      long wait = due(nextDue) - now();
      if (wait > 0) {
        in(wait, this::sendWhatIsDue);
        return;
      }
      Publisher publisher = publishers.get(layout.publisherOf(nextDue));
      if (publisher.answer == null && publisher.next <= nextDue) {
        send(publisher, due(publisher.next));
      }
      nextDue++;
    }
    finishIfOver();
  }

  private void send(Publisher publisher, long dueNanos) {
    int channel = layout.channelOf(publisher.next);
    int slot = layout.slot(publisher.index);
    int number = numbers[channel][slot]++;
    publisher.next += layout.publishers();
    publisher.sentNanos = now();
    if (awaited != null) {
      publisher.undelivered = true;
      bySlot[channel][slot] = publisher;
      awaited.expect(channel, slot, layout.subscribers(channel, subscribers));
    }
    unanswered++;
    sent.incrementAndGet();
    String data = Payload.of(clock.run(), channel, slot, number, dueNanos, clock.payloadBytes());
    CompletableFuture<Void> answer = road.publish(publisher.index, load.channel(channel), data);
    publisher.answer = answer;
    CompletableFuture<Void> unused =
        answer.whenCompleteAsync(
            (ok, failure) -> guarded(() -> answered(publisher, channel, slot, failure)), thread);
  }

  private void answered(Publisher publisher, int channel, int slot, @Nullable Throwable failure) {
    unanswered--;
    publisher.answer = null;
    if (failure == null) {
      acknowledged.incrementAndGet();
      acknowledgedNumbers[channel][slot]++;
    } else {
      publisher.undelivered = false;
      failures.add(kind(failure));
    }
    if (stopped) {
      finishIfOver();
    } else if (load.rate() == null) {
      sendAgain(publisher, failure == null ? 0 : PAUSE_NANOS);
    } else if (publisher.next < nextDue) {
      send(publisher, due(publisher.next));
    } else {
      finishIfOver();
    }
  }

  private void delivered(int channel, int slot) {
    Publisher publisher = bySlot[channel][slot];
    if (publisher.undelivered) {
      publisher.undelivered = false;
      sendAgain(publisher, 0);
    }
  }

  private void sendAgain(Publisher publisher, long pauseNanos) {
    if (now() >= load.nanos()) {
      finishIfOver();
    } else if (pauseNanos > 0) {
      in(pauseNanos, () -> sendAgain(publisher, 0));
    } else if (!stopped && publisher.answer == null && !publisher.undelivered) {
      send(publisher, now());
    }
  }

  /** Waits for no answer for ever. */
  private void look() {
    for (Publisher publisher : publishers) {
      CompletableFuture<Void> answer = publisher.answer;
      if (answer != null && now() - publisher.sentNanos > Road.TIMEOUT.toNanos()) {
        boolean unused = answer.completeExceptionally(new TimeoutException());
      }
    }
    finishIfOver();
    if (!done.isDone()) {
      in(LOOK_NANOS, this::look);
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
