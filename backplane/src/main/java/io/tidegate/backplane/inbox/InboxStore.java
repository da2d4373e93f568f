package io.tidegate.backplane.inbox;

import io.tidegate.backplane.ServiceAnswer;
import io.vertx.core.Future;

/**
 * Where a node's inboxes are. Thread-safe; never blocks the caller; futures complete on any thread
 * and fail with a {@link io.tidegate.backplane.BackplaneException} only.
 */
public interface InboxStore {
  /**
   * Appends in one step; false when there is no room. The store wakes the consumers by {@link
   * NodeInbox#wake} on their nodes.
   */
  Future<Boolean> append(ShardKey shard, int capacity, Letter letter);

  /**
   * Carries {@code take} out. The caller {@linkplain ShardOp#again repeats} it if the future fails.
   */
  Future<ShardAnswer> take(ShardKey shard, ShardOp.Take take);

  Future<Void> forget(ShardKey shard, String group);

  /**
   * Brings an answer to {@link NodeInbox#answered} of a node; it may get lost. Completes when it is
   * there or lost.
   */
  Future<Void> answer(String nodeId, String messageId, ServiceAnswer answer);
}
