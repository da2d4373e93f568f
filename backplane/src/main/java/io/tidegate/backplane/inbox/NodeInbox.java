package io.tidegate.backplane.inbox;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.InboxPolicy;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceHandler;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.ServiceMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** One node's part in the inboxes of an {@link InboxStore}. Thread-safe. */
public final class NodeInbox implements ServiceInbox {
  private static final int REQUESTS_AT_MOST = 16_384;

  private final VertxInternal vertx;
  private final String nodeId;
  private final InboxStore store;
  private final LongSupplier nanoTime;
  private final Map<String, Promise<ServiceAnswer>> waiting = new ConcurrentHashMap<>();
  private final Set<Consumer> consumers = ConcurrentHashMap.newKeySet();
  private final AtomicLong numbers = new AtomicLong();
  private volatile boolean stopped;

  public NodeInbox(Vertx vertx, String nodeId, InboxStore store, LongSupplier nanoTime) {
    this.vertx = (VertxInternal) requireNonNull(vertx, "vertx");
    this.nodeId = requireNonNull(nodeId, "nodeId");
    this.store = requireNonNull(store, "store");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
  }

  @Override
  public Future<Void> append(String service, InboxPolicy policy, ServiceMessage message) {
    Promise<Void> promise = vertx.promise();
    append(service, policy, new Letter(message, "")).onComplete(promise);
    return promise.future();
  }

  @Override
  public Future<ServiceAnswer> request(
      String service, InboxPolicy policy, ServiceMessage message, Duration timeout) {
    if (waiting.size() >= REQUESTS_AT_MOST) {
      return Future.failedFuture(
          new BackplaneException(Reason.OVERLOADED, "too many requests wait for an answer"));
    }
    Promise<ServiceAnswer> promise = vertx.promise();
    String id = message.id();
    if (waiting.putIfAbsent(id, promise) != null) {
      throw new IllegalArgumentException("id: used twice (expected: unique)");
    }
    long timer =
        vertx.setTimer(
            Math.max(1, timeout.toMillis()),
            late -> fail(id, promise, Reason.INDETERMINATE, "no answer came in time"));
    append(service, policy, new Letter(message, nodeId))
        .onFailure(
            failure -> {
              // One that may have been appended may be answered.
              boolean isHopeless =
                  !(failure instanceof BackplaneException e) || e.reason() != Reason.INDETERMINATE;
              if (isHopeless && waiting.remove(id, promise)) {
                promise.fail(failure);
              }
            });
    return promise
        .future()
        .onComplete(
            done -> {
              // False when it has fired, which is as good.
              boolean unused = vertx.cancelTimer(timer);
            });
  }

  @Override
  public Future<Consumption> consume(ConsumerSettings settings, ServiceHandler handler) {
    String id = nodeId + "-" + numbers.incrementAndGet();
    var consumer = new Consumer(vertx, store, nanoTime, nodeId, id, settings, handler);
    consumers.add(consumer);
    Promise<Consumption> promise = vertx.promise();
    consumer
        .open()
        .onComplete(
            opened -> {
              if (opened.failed()) {
                consumers.remove(consumer);
                promise.fail(opened.cause());
              } else if (stopped) {
                consumer.stop();
                promise.fail(new BackplaneException(Reason.CLOSED, "the node is not running"));
              } else {
                consumer.whenClosed(() -> consumers.remove(consumer));
                promise.complete(consumer);
              }
            });
    return promise.future();
  }

  @Override
  public Future<Void> forget(String service, String group) {
    Promise<Void> promise = vertx.promise();
    // The first shard decides which groups there are, so it forgets last.
    List<ShardKey> shards = ShardKey.all(service);
    Future.all(shards.stream().skip(1).map(shard -> store.forget(shard, group)).toList())
        .compose(forgotten -> store.forget(shards.get(0), group))
        .onComplete(promise);
    return promise.future();
  }

  /** There may be something new in the shard. */
  public void wake(ShardKey shard) {
    for (Consumer consumer : consumers) {
      if (consumer.service().equals(shard.service())) {
        consumer.wake(shard.shard());
      }
    }
  }

  /** A service answered; nothing happens when nobody waits for it any more. */
  public void answered(String messageId, ServiceAnswer answer) {
    Promise<ServiceAnswer> promise = waiting.remove(messageId);
    if (promise != null) {
      promise.complete(answer);
    }
  }

  /** Ends consumers and requests at once, for a node that ends. */
  public void stop() {
    stopped = true;
    consumers.forEach(Consumer::stop);
    waiting.forEach((id, promise) -> fail(id, promise, Reason.INDETERMINATE, "the node closed"));
  }

  private Future<Void> append(String service, InboxPolicy policy, Letter letter) {
    if (letter.bytes() > SHARD_BYTES) {
      return Future.failedFuture(
          new BackplaneException(
              Reason.LIMIT, "a message of " + letter.bytes() + " bytes fits into no inbox"));
    }
    return store
        .append(new ShardKey(service, letter.message().shard()), policy.perShard(), letter)
        .compose(
            isAccepted ->
                isAccepted
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new BackplaneException(Reason.OVERLOADED, "the inbox is full")));
  }

  private void fail(String id, Promise<ServiceAnswer> promise, Reason reason, String message) {
    if (waiting.remove(id, promise)) {
      promise.fail(new BackplaneException(reason, message));
    }
  }
}
