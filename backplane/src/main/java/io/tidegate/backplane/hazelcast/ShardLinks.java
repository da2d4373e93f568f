package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.inbox.Letter;
import io.tidegate.backplane.inbox.ShardAnswer;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardOp;
import io.tidegate.backplane.inbox.ShardState;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node appends to services' shards: one numbered batch under way for each shard, with all
 * that came meanwhile in the next; and, after a split, what it held of shards on its side. Confined
 * to the node's thread.
 */
final class ShardLinks {
  private static final Logger log = LoggerFactory.getLogger(ShardLinks.class);
  private static final long BRANCH_DEADLINE_NANOS = 60_000_000_000L;
  private static final long DEADLINE_NANOS = 8_000_000_000L;
  private static final int LETTERS_PER_BATCH = 256;
  private static final int BYTES_PER_BATCH = 256 << 10;

  private final Steps steps;
  private final BiConsumer<ShardKey, List<String>> waking;
  private final String nodeId;
  private final LongSupplier nanoTime;
  private final ToLongFunction<Integer> pause;
  private final Map<ShardKey, ShardLink> links = new HashMap<>();

  /** Has a step taken by the shard's owner; answers null when that failed. */
  interface Steps {
    void take(ShardKey shard, ShardOp op, Consumer<@Nullable ShardReply> answer);
  }

  /**
   * Makes a node's links.
   *
   * @param waking tells nodes that there is something new in a shard
   * @param pause nanoseconds to wait after so many tries
   */
  ShardLinks(
      Steps steps,
      BiConsumer<ShardKey, List<String>> waking,
      String nodeId,
      LongSupplier nanoTime,
      ToLongFunction<Integer> pause) {
    this.steps = steps;
    this.waking = waking;
    this.nodeId = nodeId;
    this.nanoTime = nanoTime;
    this.pause = pause;
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

  /**
   * Brings what this node held of shards on its side of a split to the shards' owners of now,
   * before anything else; tries for a minute, after which the shard's other letters go on.
   */
  void bringOver(Map<ShardKey, ShardState> branches) {
    branches.forEach(
        (shard, branch) -> {
          ShardLink link = links.computeIfAbsent(shard, ShardLink::new);
          link.branches.add(branch);
          link.depart();
        });
  }

  /** Whether nothing is left that was to be {@linkplain #bringOver brought over}. */
  boolean isQuiet() {
    return links.values().stream().allMatch(link -> link.branches.isEmpty());
  }

  void tick() {
    long now = nanoTime.getAsLong();
    links.values().forEach(link -> link.tick(now));
  }

  /** Fails all that waits for an answer; what is to be brought over goes on. */
  void close() {
    links.values().forEach(ShardLink::close);
  }

  private final class ShardLink {
    private final ShardKey shard;
    private final ArrayDeque<ShardState> branches = new ArrayDeque<>();
    private final ArrayDeque<Posting> waiting = new ArrayDeque<>();
    private List<Posting> underWay = List.of();
    private @Nullable ShardOp batch;
    private long number;
    private int attempts;
    private long tryAgainAt;
    private long startedAt;

    ShardLink(ShardKey shard) {
      this.shard = shard;
    }

    void depart() {
      if (batch != null) {
        return;
      }
      ShardState branch = branches.peek();
      if (branch != null) {
        start(new ShardOp.Absorb(nodeId, ++number, branch));
      } else if (!waiting.isEmpty()) {
        start(nextLetters());
      }
    }

    private ShardOp nextLetters() {
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
      return new ShardOp.Append(
          nodeId, ++number, capacity, postings.stream().map(Posting::letter).toList());
    }

    private void start(ShardOp op) {
      batch = op;
      attempts = 0;
      startedAt = nanoTime.getAsLong();
      run(op);
    }

    private void run(ShardOp op) {
      int attempt = ++attempts;
      tryAgainAt = nanoTime.getAsLong() + Channels.TRY_NANOS;
      steps.take(
          shard,
          op,
          reply -> {
            if (batch != op) {
              return;
            }
            if (reply != null && reply.answer() instanceof ShardAnswer.Appended appended) {
              arrived(op, appended);
            } else if (attempt == attempts) {
              tryAgainAt = nanoTime.getAsLong() + pause.applyAsLong(attempt);
            }
          });
    }

    private void arrived(ShardOp op, ShardAnswer.Appended appended) {
      List<Posting> postings = underWay;
      leave();
      if (op instanceof ShardOp.Absorb) {
        branches.remove();
      }
      for (int i = 0; i < postings.size(); i++) {
        postings.get(i).accept(appended.accepted().get(i));
      }
      if (appended.accepted().contains(true)) {
        waking.accept(shard, appended.consumers());
      }
      depart();
    }

    void tick(long now) {
      while (!waiting.isEmpty() && now - waiting.element().deadline() >= 0) {
        waiting.remove().fail(Reason.UNAVAILABLE, "the shard's owner does not answer");
      }
      ShardOp op = batch;
      if (op == null) {
        return;
      }
      // The last that came has the most time; with it the batch is given up.
      if (!underWay.isEmpty() && now - underWay.get(underWay.size() - 1).deadline() >= 0) {
        List<Posting> postings = underWay;
        leave();
        postings.forEach(
            posting -> posting.fail(Reason.INDETERMINATE, "the shard's owner does not answer"));
        depart();
      } else if (op instanceof ShardOp.Absorb && now - startedAt >= BRANCH_DEADLINE_NANOS) {
        giveUp(branches.remove());
      } else if (now - tryAgainAt >= 0) {
        run(op);
      }
    }

    private void giveUp(ShardState branch) {
      log.error(
          "messages of one side of a split cannot be brought over and may be lost"
              + " service={} shard={} messages={}",
          shard.service(),
          shard.shard(),
          branch.content().items().size());
      leave();
      depart();
    }

    void close() {
      waiting.forEach(posting -> posting.fail(Reason.CLOSED, "the node is closing"));
      waiting.clear();
      if (!underWay.isEmpty()) {
        List<Posting> postings = underWay;
        leave();
        postings.forEach(posting -> posting.fail(Reason.INDETERMINATE, "the node is closing"));
        depart();
      }
    }

    private void leave() {
      underWay = List.of();
      batch = null;
    }
  }
}
