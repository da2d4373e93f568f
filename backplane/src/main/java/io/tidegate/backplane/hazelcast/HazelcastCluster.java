package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.vertx.core.Future;
import java.util.List;

/** The members of the grid as nodes: a member that is listed holds its lease. Thread-safe. */
final class HazelcastCluster implements Cluster {
  private final HazelcastNode node;

  HazelcastCluster(HazelcastNode node) {
    this.node = node;
  }

  @Override
  public String nodeId() {
    return node.info().id();
  }

  @Override
  public Future<List<NodeInfo>> nodes() {
    RunningNode running = node.running();
    return running == null
        ? Future.failedFuture(HazelcastNode.notRunning())
        : Future.succeededFuture(running.grid().nodes(running.asking().leaving()));
  }

  @Override
  public Future<List<NodeAnswer>> ask(NodeCommand command) {
    return node.onNode(
        (running, promise) ->
            running
                .asking()
                .ask(running.channels().self(), id -> true, command, promise, node::release));
  }

  @Override
  public Future<NodeAnswer> ask(String nodeId, NodeCommand command) {
    return node.<List<NodeAnswer>>onNode(
            (running, promise) ->
                running
                    .asking()
                    .ask(
                        running.channels().self(), nodeId::equals, command, promise, node::release))
        .map(answers -> answers.isEmpty() ? NodeAnswer.unknown(nodeId) : answers.get(0));
  }
}
