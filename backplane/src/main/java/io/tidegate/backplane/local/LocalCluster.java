package io.tidegate.backplane.local;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/** The nodes of one store, as one of them sees it. Thread-safe. */
final class LocalCluster implements Cluster {
  private final LocalStore store;
  private final LocalNode node;

  LocalCluster(LocalStore store, LocalNode node) {
    this.store = store;
    this.node = node;
  }

  @Override
  public String nodeId() {
    return node.info().id();
  }

  @Override
  public Future<List<NodeInfo>> nodes() {
    return node.whileRunning(link -> store.leases().live().stream().map(Lease::node).toList());
  }

  @Override
  public Future<List<NodeAnswer>> ask(NodeCommand command) {
    Promise<List<NodeAnswer>> answered = node.promise();
    return node.whileRunning(
            link -> {
              List<Future<NodeAnswer>> answers =
                  store.leases().live().stream().map(lease -> answerOf(lease, command)).toList();
              Future.all(answers).map(all -> all.<NodeAnswer>list()).onComplete(answered);
              return answered.future();
            })
        .compose(future -> future);
  }

  @Override
  public Future<NodeAnswer> ask(String nodeId, NodeCommand command) {
    Promise<NodeAnswer> answered = node.promise();
    return node.whileRunning(
            link -> {
              store.leases().live().stream()
                  .filter(lease -> lease.node().id().equals(nodeId))
                  .findFirst()
                  .map(lease -> answerOf(lease, command))
                  .orElseGet(() -> Future.succeededFuture(NodeAnswer.unknown(nodeId)))
                  .onComplete(answered);
              return answered.future();
            })
        .compose(future -> future);
  }

  private Future<NodeAnswer> answerOf(Lease lease, NodeCommand command) {
    String nodeId = lease.node().id();
    return lease
        .ask(command)
        .timeout(store.settings().commandTimeout().toMillis(), MILLISECONDS)
        .map(body -> new NodeAnswer(nodeId, body, null))
        .otherwise(failure -> new NodeAnswer(nodeId, null, failure.toString()));
  }
}
