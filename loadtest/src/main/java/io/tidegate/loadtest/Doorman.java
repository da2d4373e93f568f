package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Client;
import io.tidegate.loadtest.client.ClientException;
import io.tidegate.loadtest.measure.Failures;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections when they are due and closes them when they have stayed long enough. What is
 * due while too many are open comes late, and counts from when it was due. Confined to its thread,
 * but for the counts.
 */
final class Doorman {
  private static final int DIGITS = 3;
  private static final String UNSENT = "not begun: too many open";
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Connects plan;
  private final IntFunction<Client> opener;
  private final ScheduledExecutorService thread;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final SingleWriterRecorder handshakes = new SingleWriterRecorder(DIGITS);
  private final SingleWriterRecorder connects = new SingleWriterRecorder(DIGITS);
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong open = new AtomicLong();
  private final Failures failures = new Failures();
  private final Failures lost = new Failures();
  // Open, and not told to close.
  private final Set<Client> staying = new HashSet<>();
  private final long total;
  private final long endNanos;
  private long startNanos;
  private boolean stopped;
  private boolean waking;

  Doorman(Connects plan, IntFunction<Client> opener, ScheduledExecutorService thread) {
    this.plan = plan;
    this.opener = opener;
    this.thread = thread;
    endNanos = plan.warmup().plus(plan.duration()).toNanos();
    total =
        plan.rate() == null
            ? Integer.MAX_VALUE
            : Math.max(1, (long) Math.ceil(endNanos / 1e9 * plan.rate()));
  }

  /** Completes when the time is over and nothing is open any more. */
  CompletableFuture<Void> run() {
    thread.execute(
        () -> {
          startNanos = System.nanoTime();
          in(endNanos, this::stopNow);
          admit();
        });
    return finished;
  }

  /** Opens no more. From any thread. */
  void stop() {
    thread.execute(this::stopNow);
  }

  /** Connections whose time came. Read when finished. */
  long wanted() {
    return begun.get() + failuresUnsent();
  }

  long opened() {
    return opened.get();
  }

  long open() {
    return open.get();
  }

  Failures failures() {
    return failures;
  }

  /** Connections that ended without being asked to. */
  Failures lost() {
    return lost;
  }

  /** Since the last call, as {@link #connects}. */
  Histogram handshakes() {
    return handshakes.getIntervalHistogram();
  }

  Histogram connects() {
    return connects.getIntervalHistogram();
  }

  private long failuresUnsent() {
    return failures.kinds().getOrDefault(UNSENT, 0L);
  }

  private void admit() {
    while (!stopped && begun.get() < total && open.get() < plan.crowd().connections()) {
      long due = due();
      long wait = due - now();
      if (wait > 0) {
        if (!waking) {
          waking = true;
          in(
              wait,
              () -> {
                waking = false;
                admit();
              });
        }
        return;
      }
      begin(due);
    }
    if (begun.get() >= total) {
      stopNow();
    }
  }

  private void begin(long due) {
    open.incrementAndGet();
    Client client = opener.apply((int) begun.getAndIncrement());
    CompletableFuture<Client.Ready> unused =
        client
            .ready()
            .whenCompleteAsync((ready, failure) -> came(client, due, ready, failure), thread);
  }

  private void came(
      Client client, long due, Client.@Nullable Ready ready, @Nullable Throwable failure) {
    if (ready == null) {
      failures.add(ClientException.kind(failure == null ? new IllegalStateException() : failure));
      left();
      return;
    }
    opened.incrementAndGet();
    if (due >= plan.warmup().toNanos()) {
      handshakes.recordValue(Math.max(0, ready.upgradedNanos() - startNanos - due));
      connects.recordValue(Math.max(0, ready.connectedNanos() - startNanos - due));
    }
    staying.add(client);
    CompletableFuture<Void> unused =
        client
            .gone()
            .thenAcceptAsync(
                reason -> {
                  if (staying.remove(client)) {
                    lost.add(reason);
                  }
                  left();
                },
                thread);
    in(stopped ? 0 : plan.hold().toNanos(), () -> close(client));
  }

  private void close(Client client) {
    if (!staying.remove(client)) {
      return;
    }
    client.close();
    in(
        CLOSE_NANOS,
        () -> {
          if (!client.gone().isDone()) {
            failures.add("close: no answer");
            client.drop("close: no answer");
          }
        });
  }

  private void left() {
    open.decrementAndGet();
    admit();
    finishIfOver();
  }

  private void stopNow() {
    if (!stopped && plan.rate() != null) {
      long came = Math.min(total, (long) Math.floor(now() / 1e9 * plan.rate()));
      if (came > begun.get()) {
        failures.add(UNSENT, came - begun.get());
      }
    }
    stopped = true;
    List.copyOf(staying).forEach(this::close);
    finishIfOver();
  }

  private void finishIfOver() {
    if (stopped && open.get() == 0) {
      finished.complete(null);
    }
  }

  private long due() {
    return plan.rate() == null ? now() : Math.round(begun.get() / plan.rate() * 1e9);
  }

  private long now() {
    return System.nanoTime() - startNanos;
  }

  private void in(long nanos, Runnable task) {
    var unused = thread.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }
}
