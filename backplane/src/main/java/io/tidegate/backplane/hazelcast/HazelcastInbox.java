package io.tidegate.backplane.hazelcast;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.inbox.InboxStore;
import io.tidegate.backplane.inbox.Letter;
import io.tidegate.backplane.inbox.NodeInbox;
import io.tidegate.backplane.inbox.ShardAnswer;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardOp;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.UUID;
import java.util.function.LongSupplier;

/** The grid's inboxes, as one node uses them. Thread-safe. */
final class HazelcastInbox implements InboxStore {
  private static final int LETTERS_AT_MOST = 16_384;
  private static final long BYTES_AT_MOST = 32L << 20;
  private static final long ANSWER_MILLIS = 3_000;

  private final HazelcastNode node;
  private final NodeInbox inbox;
  private final Pending pending = new Pending(LETTERS_AT_MOST, BYTES_AT_MOST);

  HazelcastInbox(HazelcastNode node, Vertx vertx, String nodeId, LongSupplier nanoTime) {
    this.node = node;
    this.inbox = new NodeInbox(vertx, nodeId, this, nanoTime);
  }

  ServiceInbox inbox() {
    return inbox;
  }

  void stop() {
    inbox.stop();
  }

  void receive(ServiceMail mail) {
    if (mail.messageId().isEmpty()) {
      inbox.wake(mail.shard());
    } else {
      inbox.answered(mail.messageId(), mail.answer());
    }
  }

  @Override
  public Future<Boolean> append(ShardKey shard, int capacity, Letter letter) {
    int bytes = letter.message().bytes();
    if (!pending.take(bytes)) {
      return Future.failedFuture(
          new BackplaneException(Reason.OVERLOADED, "too many messages are on their way"));
    }
    return node.<Boolean>onNode(
            (running, promise) ->
                running.shards().append(shard, capacity, letter, promise, node::release))
        .onComplete(done -> pending.release(bytes));
  }

  @Override
  public Future<ShardAnswer> take(ShardKey shard, ShardOp.Take take) {
    return run(shard, take);
  }

  @Override
  public Future<Void> forget(ShardKey shard, String group) {
    return run(shard, new ShardOp.Forget(group)).mapEmpty();
  }

  @Override
  public Future<Void> answer(String nodeId, String messageId, ServiceAnswer answer) {
    RunningNode running = node.running();
    UUID member = running == null ? null : running.grid().memberOf(nodeId);
    if (running == null || member == null) {
      return Future.succeededFuture();
    }
    Promise<Void> sent = Promise.promise();
    running
        .grid()
        .send(member, ServiceMail.answer(messageId, answer), isTaken -> sent.tryComplete());
    return sent.future().timeout(ANSWER_MILLIS, MILLISECONDS).otherwiseEmpty();
  }

  /** Every step but an append does no harm when it is taken twice. */
  private Future<ShardAnswer> run(ShardKey shard, ShardOp op) {
    return node.onNode(
        (running, promise) -> running.readings().run(shard, op, promise, node::release));
  }
}
