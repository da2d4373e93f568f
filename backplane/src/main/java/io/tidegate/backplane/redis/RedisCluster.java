package io.tidegate.backplane.redis;

import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.vertx.core.Future;
import java.util.List;

/** {@link Cluster} of a {@link RedisNode}. */
final class RedisCluster implements Cluster {
  private final RedisNode node;

  RedisCluster(RedisNode node) {
    this.node = node;
  }

  @Override
  public String nodeId() {
    return node.info().id();
  }

  @Override
  public Future<List<NodeInfo>> nodes() {
    return node.onNode(0, running -> running.asking().nodes());
  }

  @Override
  public Future<NodeAnswer> ask(String nodeId, NodeCommand command) {
    return node.onNode(command.body().length(), running -> running.asking().ask(nodeId, command));
  }

  @Override
  public Future<List<NodeAnswer>> ask(NodeCommand command) {
    return node.onNode(command.body().length(), running -> running.asking().askAll(command));
  }
}
