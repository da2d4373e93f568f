package io.tidegate.backplane.local;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.Publication;
import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one node is still to hear, in order. Any thread puts; one task at a time takes, on the
 * node's context.
 */
final class Mailbox {
  private static final Logger log = LoggerFactory.getLogger(Mailbox.class);
  private static final int EVENTS_PER_PASS = 256;

  private final Context context;
  private final BackplaneListener listener;
  private final BackplaneMetrics metrics;
  private final int pendingAtMost;
  private final Queue<Runnable> pending = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private volatile boolean open = true;

  Mailbox(
      Context context, BackplaneListener listener, BackplaneMetrics metrics, int pendingAtMost) {
    this.context = context;
    this.listener = listener;
    this.metrics = metrics;
    this.pendingAtMost = pendingAtMost;
  }

  void publication(String channel, String epoch, Publication publication) {
    put(
        listener -> {
          metrics.received(1);
          listener.publication(channel, epoch, publication);
        });
  }

  /** Lets the listener hear {@code event}, unless the mailbox is closed by then. */
  void put(Consumer<BackplaneListener> event) {
    if (open) {
      enqueue(() -> deliver(event));
    }
  }

  /** Runs {@code step} after everything put before, also when the mailbox is closed. */
  void afterPending(Runnable step) {
    enqueue(step);
  }

  /** From now on the listener hears nothing; a call under way on another thread may still end. */
  void close() {
    open = false;
  }

  boolean isOpen() {
    return open;
  }

  void requireOpen() {
    if (!open) {
      throw new BackplaneException(Reason.CLOSED, "the node is closed");
    }
  }

  void requireRoom() {
    if (size.get() >= pendingAtMost) {
      throw new BackplaneException(Reason.OVERLOADED, "a node has " + pendingAtMost + " to hear");
    }
  }

  private void enqueue(Runnable task) {
    // In this order: the task that takes relies on seeing as many as are counted.
    pending.add(task);
    if (size.getAndIncrement() == 0) {
      context.runOnContext(v -> drain());
    }
  }

  private void drain() {
    int taken = Math.min(size.get(), EVENTS_PER_PASS);
    for (int i = 0; i < taken; i++) {
      requireNonNull(pending.poll(), "counted task").run();
    }
    // Not in one go, so that a busy store leaves the event loop to others as well.
    if (size.addAndGet(-taken) > 0) {
      context.runOnContext(v -> drain());
    }
  }

  private void deliver(Consumer<BackplaneListener> event) {
    if (!open) {
      return;
    }
    try {
      event.accept(listener);
    } catch (RuntimeException e) {
      log.error("listener failed", e);
    }
  }
}
