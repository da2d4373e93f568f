package io.tidegate.gateway.ops;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Whether the event loops still turn. Each one watched runs a timer once a second, which also
 * measures how late it comes. Thread-safe.
 */
public final class EventLoops {
  static final long BEAT_MILLIS = 1_000;
  static final long STUCK_NANOS = 10_000_000_000L;

  private final Vertx vertx;
  private final Metrics metrics;
  private final LongSupplier nanoTime;
  private final Map<Context, Loop> loops = new ConcurrentHashMap<>();

  public EventLoops(Vertx vertx, Metrics metrics, LongSupplier nanoTime) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.metrics = requireNonNull(metrics, "metrics");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
  }

  /** Starts to watch a context's event loop. */
  public void watch(Context context) {
    var loop = new Loop(nanoTime.getAsLong());
    loops.put(context, loop);
    context.runOnContext(
        v -> {
          loop.beatNanos = nanoTime.getAsLong();
          loop.timer = vertx.setPeriodic(BEAT_MILLIS, timer -> beat(loop));
        });
  }

  /** Stops to watch it, before its verticle is gone. No watch, no effect. */
  public void unwatch(Context context) {
    Loop loop = loops.remove(context);
    if (loop != null) {
      context.runOnContext(v -> vertx.cancelTimer(loop.timer));
    }
  }

  /** How many loops have not turned for ten seconds. */
  public int stuck() {
    long now = nanoTime.getAsLong();
    return (int) loops.values().stream().filter(loop -> now - loop.beatNanos > STUCK_NANOS).count();
  }

  private void beat(Loop loop) {
    long now = nanoTime.getAsLong();
    long lateNanos = now - loop.beatNanos - BEAT_MILLIS * 1_000_000;
    loop.beatNanos = now;
    metrics.eventLoopLag(Math.max(0, lateNanos) / 1e9);
  }

  /** Written by its own event loop only. */
  private static final class Loop {
    private volatile long beatNanos;
    private long timer;

    Loop(long beatNanos) {
      this.beatNanos = beatNanos;
    }
  }
}
