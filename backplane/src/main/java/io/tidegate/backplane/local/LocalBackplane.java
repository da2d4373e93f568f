package io.tidegate.backplane.local;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** One node's streams. Thread-safe: each call is one step on a {@link LocalChannel}. */
final class LocalBackplane implements Backplane {
  private final LocalStore store;
  private final LocalNode node;

  LocalBackplane(LocalStore store, LocalNode node) {
    this.store = store;
    this.node = node;
  }

  @Override
  public Future<PublishResult> publish(PublishRequest request) {
    return node.whileRunning(
        link ->
            store.onChannel(
                request.channel(),
                channel -> channel.publish(request, store.nowMillis(), store.nowNanos())));
  }

  @Override
  public Future<StreamPosition> join(String name, StreamPolicy policy) {
    return node.whileRunning(
        link ->
            store.onChannel(
                name, channel -> channel.join(link.mailbox(), policy, store.nowNanos())));
  }

  @Override
  public Future<Void> leave(String name) {
    Promise<Void> left = node.promise();
    return node.whileRunning(
            link -> {
              store.ifPresent(name, channel -> channel.leave(link.mailbox(), store.nowNanos()));
              link.mailbox().afterPending(left::complete);
              return left.future();
            })
        .compose(future -> future);
  }

  @Override
  public Future<HistoryPage> history(String name, StreamPolicy policy, HistoryQuery query) {
    return node.whileRunning(
        link -> store.onChannel(name, channel -> channel.read(policy, query, store.nowNanos())));
  }

  @Override
  public Future<Void> removeHistory(String name, StreamPolicy policy) {
    return node.whileRunning(
            link ->
                store.onChannel(name, channel -> channel.removeHistory(policy, store.nowNanos())))
        .mapEmpty();
  }
}
