package io.tidegate.backplane.local;

import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.inbox.InboxStore;
import io.tidegate.backplane.inbox.Letter;
import io.tidegate.backplane.inbox.ShardAnswer;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardOp;
import io.vertx.core.Future;
import java.util.List;

/** The inboxes of a {@link LocalStore}, as one node uses them. Thread-safe. */
final class LocalInbox implements InboxStore {
  private final LocalStore store;
  private final LocalNode node;

  LocalInbox(LocalStore store, LocalNode node) {
    this.store = store;
    this.node = node;
  }

  @Override
  public Future<Boolean> append(ShardKey shard, int capacity, Letter letter) {
    var append = new ShardOp.Append(node.info().id(), 0, capacity, List.of(letter));
    return apply(shard, append)
        .map(
            answer ->
                answer instanceof ShardAnswer.Appended appended && appended.accepted().get(0));
  }

  @Override
  public Future<ShardAnswer> take(ShardKey shard, ShardOp.Take take) {
    return apply(shard, take);
  }

  @Override
  public Future<Void> forget(ShardKey shard, String group) {
    return apply(shard, new ShardOp.Forget(group)).mapEmpty();
  }

  @Override
  public Future<Void> answer(String nodeId, String messageId, ServiceAnswer answer) {
    store.inboxes().answer(nodeId, messageId, answer);
    return Future.succeededFuture();
  }

  private Future<ShardAnswer> apply(ShardKey shard, ShardOp op) {
    return node.whileRunning(link -> store.inboxes().apply(shard, op));
  }
}
