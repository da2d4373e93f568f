package io.tidegate.backplane.hazelcast;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread to which everything of a node is confined, with the one clock tick that drives
 * waits, retries and deadlines. A late tick comes before anything that waited meanwhile, so a node
 * that stood still notices before it does anything else. The queue itself is not bounded: who puts
 * something in is (pending calls, one answer per question, the inbox's own bound).
 */
final class NodeThread implements Executor {
  private static final Logger log = LoggerFactory.getLogger(NodeThread.class);
  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final LongSupplier nanoTime;
  private volatile LongConsumer onTick = late -> {};
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean ended;

  NodeThread(String name, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /**
   * Starts to run what was put in.
   *
   * @param tick gets the nanoseconds by which the tick is late
   */
  void start(LongConsumer tick) {
    onTick = tick;
    thread.start();
  }

  /** Ends the thread once it has run what waits. */
  void stop() {
    stopped = true;
    tasks.add(() -> {});
  }

  boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  @Override
  public void execute(Runnable task) {
    boolean isTaken = offer(task);
    assert isTaken || stopped;
  }

  /** False when the thread has ended and will not run {@code task}. */
  boolean offer(Runnable task) {
    if (stopped) {
      return false;
    }
    tasks.add(task);
    // Added while the thread ended: either it still takes the task, or this does.
    return !(ended && tasks.remove(task));
  }

  private void run() {
    long nextTick = nanoTime.getAsLong() + TICK_NANOS;
    while (!stopped) {
      long now = nanoTime.getAsLong();
      if (now - nextTick >= 0) {
        long late = now - nextTick;
        runSafely(() -> onTick.accept(late));
        nextTick = nanoTime.getAsLong() + TICK_NANOS;
        continue;
      }
      Runnable task = poll(nextTick - now);
      if (task != null) {
        runSafely(task);
      }
    }
    ended = true;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      runSafely(task);
    }
  }

  private @Nullable Runnable poll(long nanos) {
    try {
      return tasks.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; stop() ends it.
      return null;
    }
  }

  /** Errors too: without this thread every call of the node would hang. */
  private static void runSafely(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      log.error("task of the backplane failed", e);
    }
  }
}
