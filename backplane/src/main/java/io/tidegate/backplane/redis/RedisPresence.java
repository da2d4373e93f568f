package io.tidegate.backplane.redis;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.PresenceStore;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Function;

/** {@link PresenceStore} of a {@link RedisNode}. */
final class RedisPresence implements PresenceStore {
  private final RedisNode node;

  RedisPresence(RedisNode node) {
    this.node = node;
  }

  @Override
  public Future<Void> add(String channel, ClientInfo member, boolean announce) {
    return node.onNode(
        0, whileOpen(running -> running.attendance().add(channel, member, announce)));
  }

  @Override
  public Future<Void> remove(String channel, String client) {
    return node.onNodeAlways(whileOpen(running -> running.attendance().remove(channel, client)));
  }

  @Override
  public Future<Map<String, ClientInfo>> members(String channel) {
    return node.onNode(0, running -> running.channels().members(channel));
  }

  @Override
  public Future<PresenceStats> stats(String channel) {
    return node.onNode(0, running -> running.channels().stats(channel));
  }

  private static <T> Function<RunningNode, Future<T>> whileOpen(
      Function<RunningNode, Future<T>> step) {
    return running ->
        running.isPresenceOpen()
            ? step.apply(running)
            : Future.failedFuture(RedisNode.notRunning());
  }
}
