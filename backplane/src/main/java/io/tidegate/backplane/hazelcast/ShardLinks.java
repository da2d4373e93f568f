package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.inbox.Letter;
import io.tidegate.backplane.inbox.ShardAnswer;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardOp;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a node appends to services' shards: one numbered batch under way for each shard, with all
 * that came meanwhile in the next. Confined to the node's thread.
 */
final class ShardLinks {
  private static final long DEADLINE_NANOS = 8_000_000_000L;
  private static final int LETTERS_PER_BATCH = 256;
  private static final int BYTES_PER_BATCH = 256 << 10;

  private final Grid grid;
  private final String nodeId;
  private final LongSupplier nanoTime;
  private final ToLongFunction<Integer> pause;
  private final Consumer<ServiceMail> ownMail;
  private final Map<ShardKey, ShardLink> links = new HashMap<>();

  /**
   * Makes a node's links.
   *
   * @param pause nanoseconds to wait after so many tries
   */
  ShardLinks(
      Grid grid,
      String nodeId,
      LongSupplier nanoTime,
      ToLongFunction<Integer> pause,
      Consumer<ServiceMail> ownMail) {
    this.grid = grid;
    this.nodeId = nodeId;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.ownMail = ownMail;
  }

  /**
   * A letter on its way.
   *
   * @param settled runs once, when the caller has his answer
   */
  private record Posting(
      Letter letter, int capacity, long deadline, Promise<Boolean> promise, Runnable settled) {
    void accept(boolean isAccepted) {
      settled.run();
      promise.complete(isAccepted);
    }

    void fail(Reason reason, String message) {
      settled.run();
      promise.fail(new BackplaneException(reason, message));
    }
  }

  void append(
      ShardKey shard, int capacity, Letter letter, Promise<Boolean> promise, Runnable settled) {
    long deadline = nanoTime.getAsLong() + DEADLINE_NANOS;
    ShardLink link = links.computeIfAbsent(shard, ShardLink::new);
    link.waiting.add(new Posting(letter, capacity, deadline, promise, settled));
    link.depart();
  }

  void tick() {
    long now = nanoTime.getAsLong();
    links.values().forEach(link -> link.tick(now));
  }

  void close() {
    links.values().forEach(ShardLink::close);
  }

  private void wakeConsumers(ShardKey shard, List<String> nodes) {
    for (String node : nodes) {
      UUID member = grid.memberOf(node);
      if (node.equals(nodeId)) {
        ownMail.accept(ServiceMail.wake(shard));
      } else if (member != null) {
        grid.send(
            member,
            ServiceMail.wake(shard),
            isTaken -> {
              // A consumer that was not woken looks by itself.
            });
      }
    }
  }

  private final class ShardLink {
    private final ShardKey shard;
    private final ArrayDeque<Posting> waiting = new ArrayDeque<>();
    private List<Posting> underWay = List.of();
    private ShardOp.@Nullable Append batch;
    private long number;
    private int attempts;
    private long tryAgainAt;

    ShardLink(ShardKey shard) {
      this.shard = shard;
    }

    void depart() {
      if (batch != null || waiting.isEmpty()) {
        return;
      }
      List<Posting> postings = new ArrayList<>();
      int capacity = waiting.element().capacity();
      int bytes = 0;
      while (!waiting.isEmpty()
          && postings.size() < LETTERS_PER_BATCH
          && bytes < BYTES_PER_BATCH
          && waiting.element().capacity() == capacity) {
        Posting posting = waiting.remove();
        bytes += posting.letter().message().bytes();
        postings.add(posting);
      }
      underWay = postings;
      batch =
          new ShardOp.Append(
              nodeId, ++number, capacity, postings.stream().map(Posting::letter).toList());
      attempts = 0;
      run(batch);
    }

    private void run(ShardOp.Append append) {
      int attempt = ++attempts;
      tryAgainAt = nanoTime.getAsLong() + Channels.TRY_NANOS;
      grid.run(
          shard,
          new RunShardOp(append),
          reply -> {
            if (batch == null || append.number() != number) {
              return;
            }
            if (reply != null && reply.answer() instanceof ShardAnswer.Appended appended) {
              arrived(appended);
            } else if (attempt == attempts) {
              tryAgainAt = nanoTime.getAsLong() + pause.applyAsLong(attempt);
            }
          });
    }

    private void arrived(ShardAnswer.Appended appended) {
      List<Posting> postings = underWay;
      leave();
      for (int i = 0; i < postings.size(); i++) {
        postings.get(i).accept(appended.accepted().get(i));
      }
      if (appended.accepted().contains(true)) {
        wakeConsumers(shard, appended.consumers());
      }
      depart();
    }

    void tick(long now) {
      while (!waiting.isEmpty() && now - waiting.element().deadline() >= 0) {
        waiting.remove().fail(Reason.UNAVAILABLE, "the shard's owner does not answer");
      }
      ShardOp.Append append = batch;
      if (append == null) {
        return;
      }
      // The last that came has the most time; with it the batch is given up.
      if (now - underWay.get(underWay.size() - 1).deadline() >= 0) {
        List<Posting> postings = underWay;
        leave();
        postings.forEach(
            posting -> posting.fail(Reason.INDETERMINATE, "the shard's owner does not answer"));
        depart();
      } else if (now - tryAgainAt >= 0) {
        run(append);
      }
    }

    void close() {
      List<Posting> postings = underWay;
      leave();
      postings.forEach(posting -> posting.fail(Reason.INDETERMINATE, "the node is closing"));
      waiting.forEach(posting -> posting.fail(Reason.CLOSED, "the node is closing"));
      waiting.clear();
    }

    private void leave() {
      underWay = List.of();
      batch = null;
    }
  }
}
