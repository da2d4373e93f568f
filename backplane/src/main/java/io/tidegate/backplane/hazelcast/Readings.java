package io.tidegate.backplane.hazelcast;

import com.hazelcast.map.EntryProcessor;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.inbox.ShardAnswer;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardOp;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Steps under way on channels and shards that may be taken twice, mostly readings: repeated until
 * they are answered or their time is up. Confined to the node's thread.
 */
final class Readings {
  private static final long SHARD_DEADLINE_NANOS = 8_000_000_000L;

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
   * Takes a step on {@code channel}.
   *
   * @param late why it failed where the owner did not answer
   * @param settled runs once, when the caller has his answer
   */
  <R, T> void run(
      String channel,
      EntryProcessor<String, ChannelState, R> processor,
      Reason late,
      Function<R, T> result,
      long deadlineNanos,
      Promise<T> promise,
      Runnable settled) {
    start(
        new Reading<R, T>(
            (isAgain, answer) -> grid.run(channel, processor, answer),
            result,
            deadlineNanos,
            late,
            promise,
            settled));
  }

  /** Takes a step on a shard; one that failed may have been taken, and from then on says so. */
  void run(ShardKey shard, ShardOp op, Promise<ShardAnswer> promise, Runnable settled) {
    start(
        new Reading<ShardReply, ShardAnswer>(
            (isAgain, answer) -> grid.run(shard, new RunShardOp(isAgain ? op.again() : op), answer),
            ShardReply::answer,
            nanoTime.getAsLong() + SHARD_DEADLINE_NANOS,
            Reason.INDETERMINATE,
            promise,
            settled));
  }

  private void start(Reading<?, ?> reading) {
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
    private final BiConsumer<Boolean, Consumer<@Nullable R>> asking;
    private final Function<R, T> result;
    private final long deadline;
    private final Reason late;
    private final Promise<T> promise;
    private final Runnable settled;
    private long tryAgainAt;
    private int attempts;

    Reading(
        BiConsumer<Boolean, Consumer<@Nullable R>> asking,
        Function<R, T> result,
        long deadline,
        Reason late,
        Promise<T> promise,
        Runnable settled) {
      this.asking = asking;
      this.result = result;
      this.deadline = deadline;
      this.late = late;
      this.promise = promise;
      this.settled = settled;
    }

    void run() {
      int attempt = ++attempts;
      tryAgainAt = nanoTime.getAsLong() + Channels.TRY_NANOS;
      asking.accept(
          attempt > 1,
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
        fail(late, "the owner does not answer");
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
