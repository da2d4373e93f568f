package io.tidegate.backplane;

import io.vertx.core.Future;
import java.util.List;

/** The nodes, and a way to ask them. Thread-safe; futures as in {@link Backplane}. */
public interface Cluster {
  /** This node's id: unguessable, new with each process. */
  String nodeId();

  /** The nodes that hold a lease now, this one included. */
  Future<List<NodeInfo>> nodes();

  /**
   * Asks every node, this one included. The list has one answer per node; a node that does not
   * answer within the deadline has a failed one, so the caller sees that the picture is incomplete.
   */
  Future<List<NodeAnswer>> ask(NodeCommand command);

  /**
   * Asks one node, which may be this one. The answer is a failed one when there is no such node, or
   * none that answers within the deadline.
   */
  Future<NodeAnswer> ask(String nodeId, NodeCommand command);
}
