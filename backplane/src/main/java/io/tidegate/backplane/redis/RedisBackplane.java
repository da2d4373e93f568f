package io.tidegate.backplane.redis;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;

/** {@link Backplane} of a {@link RedisNode}. */
final class RedisBackplane implements Backplane {
  private final RedisNode node;

  RedisBackplane(RedisNode node) {
    this.node = node;
  }

  @Override
  public Future<PublishResult> publish(PublishRequest request) {
    return node.onNode(request.data().length(), running -> running.channels().publish(request));
  }

  @Override
  public Future<StreamPosition> join(String channel, StreamPolicy policy) {
    return node.onNode(0, running -> running.joined().join(channel, policy));
  }

  @Override
  public Future<Void> leave(String channel) {
    return node.onNodeAlways(running -> running.joined().leave(channel));
  }

  @Override
  public Future<HistoryPage> history(String channel, StreamPolicy policy, HistoryQuery query) {
    return node.onNode(
        0,
        running ->
            running.channels().read(channel, policy, query).map(page -> page.history(query)));
  }

  @Override
  public Future<Void> removeHistory(String channel, StreamPolicy policy) {
    return node.onNode(0, running -> running.channels().clear(channel, policy));
  }
}
