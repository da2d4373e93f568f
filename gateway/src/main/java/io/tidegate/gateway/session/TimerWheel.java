package io.tidegate.gateway.session;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All deadlines of one event loop on one periodic task: a hashed wheel (Varghese and Lauck, 1987)
 * of intrusive lists, so scheduling and cancelling are a few pointer writes and allocate nothing.
 * Confined to the loop. A timer fires at the first tick at or after its deadline, never before.
 */
public final class TimerWheel {
  private static final Logger log = LoggerFactory.getLogger(TimerWheel.class);

  private static final int SLOTS = 512;

  /** Far beyond any deadline, and far from the overflow of a sum of two. */
  private static final long MAX_DELAY_MILLIS = Duration.ofDays(10_000).toMillis();

  private final Timer[] slots = new Timer[SLOTS];
  private final long tickNanos;
  private final long startNanos;
  private final LongSupplier nanoTime;
  private long tick;

  public TimerWheel(long tickMillis, LongSupplier nanoTime) {
    if (tickMillis < 1) {
      throw new IllegalArgumentException("tickMillis: " + tickMillis + " (expected: >= 1)");
    }
    this.tickNanos = tickMillis * 1_000_000L;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = Timer.head();
    }
  }

  /** Something that can be scheduled; at most once at a time. */
  public abstract static class Timer {
    private @Nullable Timer next;
    private @Nullable Timer previous;
    private long dueTick;

    /** What is to happen when it is due. */
    protected abstract void fire();

    private static Timer head() {
      Timer head = timer(() -> {});
      head.next = head;
      head.previous = head;
      return head;
    }

    public boolean scheduled() {
      return next != null;
    }

    private void unlink() {
      if (next != null && previous != null) {
        previous.next = next;
        next.previous = previous;
        next = null;
        previous = null;
      }
    }

    private void linkBefore(Timer head) {
      Timer last = head.previous;
      if (last == null) {
        throw new IllegalStateException("head: unlinked");
      }
      previous = last;
      next = head;
      last.next = this;
      head.previous = this;
    }
  }

  /** A timer that does what {@code action} does. */
  public static Timer timer(Runnable action) {
    return new Timer() {
      @Override
      protected void fire() {
        action.run();
      }
    };
  }

  /** Schedules, or schedules anew, {@code timer} to fire in {@code delayMillis}. */
  public void schedule(Timer timer, long delayMillis) {
    timer.unlink();
    long dueNanos = elapsed() + Math.max(0, Math.min(delayMillis, MAX_DELAY_MILLIS)) * 1_000_000L;
    timer.dueTick = Math.max(tick + 1, (dueNanos + tickNanos - 1) / tickNanos);
    timer.linkBefore(slots[(int) (timer.dueTick % SLOTS)]);
  }

  /** Cancels; no effect on a timer that is not scheduled. */
  public void cancel(Timer timer) {
    timer.unlink();
  }

  /** Fires what is due. Called by the loop's one periodic task. */
  public void advance() {
    long now = elapsed() / tickNanos;
    long behind = now - tick;
    long from = behind > SLOTS ? now - SLOTS : tick;
    tick = now;
    for (long t = from + 1; t <= now; t++) {
      fire(slots[(int) (t % SLOTS)], now);
    }
  }

  private void fire(Timer head, long now) {
    // What is due is taken out first: an action may schedule into this slot, or cancel a neighbour.
    var due = Timer.head();
    for (Timer t = head.next; t != null && t != head; ) {
      Timer following = t.next;
      if (t.dueTick <= now) {
        t.unlink();
        t.linkBefore(due);
      }
      t = following;
    }
    for (Timer t = due.next; t != null && t != due; t = due.next) {
      t.unlink();
      try {
        t.fire();
      } catch (RuntimeException | OutOfMemoryError e) {
        // The others of this tick are not to blame, and would never be found again. Netty throws
        // such an error where there is no direct memory for one buffer.
        log.error("timer failed", e);
      }
    }
  }

  private long elapsed() {
    return nanoTime.getAsLong() - startNanos;
  }
}
