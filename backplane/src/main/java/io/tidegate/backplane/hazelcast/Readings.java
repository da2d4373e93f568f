package io.tidegate.backplane.hazelcast;

import com.hazelcast.map.EntryProcessor;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Reads under way: repeated until they are answered or their time is up. Confined to the node's
 * thread.
 */
final class Readings {
  private final Grid grid;
  private final LongSupplier nanoTime;
  private final ToLongFunction<Integer> pause;
  private final Set<Reading<?, ?>> underWay = new LinkedHashSet<>();

  /**
   * Makes an empty set of readings.
   *
   * @param pause nanoseconds to wait after so many tries
   */
  Readings(Grid grid, LongSupplier nanoTime, ToLongFunction<Integer> pause) {
    this.grid = grid;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /**
   * Reads {@code channel}.
   *
   * @param settled runs once, when the caller has his answer
   */
  <R, T> void read(
      String channel,
      EntryProcessor<String, ChannelState, R> processor,
      Function<R, T> result,
      long deadlineNanos,
      Promise<T> promise,
      Runnable settled) {
    var reading = new Reading<>(channel, processor, result, deadlineNanos, promise, settled);
    underWay.add(reading);
    reading.run();
  }

  void tick() {
    if (!underWay.isEmpty()) {
      long now = nanoTime.getAsLong();
      List.copyOf(underWay).forEach(reading -> reading.tick(now));
    }
  }

  void close() {
    for (Reading<?, ?> reading : List.copyOf(underWay)) {
      reading.fail(Reason.CLOSED, "the node is closing");
    }
  }

  private final class Reading<R, T> {
    private final String channel;
    private final EntryProcessor<String, ChannelState, R> processor;
    private final Function<R, T> result;
    private final long deadline;
    private final Promise<T> promise;
    private final Runnable settled;
    private long tryAgainAt;
    private int attempts;

    Reading(
        String channel,
        EntryProcessor<String, ChannelState, R> processor,
        Function<R, T> result,
        long deadline,
        Promise<T> promise,
        Runnable settled) {
      this.channel = channel;
      this.processor = processor;
      this.result = result;
      this.deadline = deadline;
      this.promise = promise;
      this.settled = settled;
    }

    void run() {
      int attempt = ++attempts;
      tryAgainAt = nanoTime.getAsLong() + Channels.TRY_NANOS;
      grid.<R>run(
          channel,
          processor,
          answer -> {
            if (answer != null && underWay.remove(this)) {
              settled.run();
              promise.complete(result.apply(answer));
            } else if (answer == null && attempt == attempts) {
              tryAgainAt = nanoTime.getAsLong() + pause.applyAsLong(attempt);
            }
          });
    }

    void tick(long now) {
      if (now - deadline >= 0) {
        fail(Reason.UNAVAILABLE, "the channel's owner does not answer");
      } else if (now - tryAgainAt >= 0) {
        run();
      }
    }

    void fail(Reason reason, String message) {
      if (underWay.remove(this)) {
        settled.run();
        promise.fail(new BackplaneException(reason, message));
      }
    }
  }
}
