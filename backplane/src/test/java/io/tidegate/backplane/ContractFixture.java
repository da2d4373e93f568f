package io.tidegate.backplane;

import io.vertx.core.Vertx;

/** How the contract suites get nodes of one technology, and how they kill them. */
public interface ContractFixture extends AutoCloseable {
  /**
   * Makes a node that is not started yet. Nodes of one {@code cluster} find each other.
   *
   * @param membersPerChannel presence entries that a channel may have
   */
  BackplaneNode createNode(Vertx vertx, String cluster, int membersPerChannel);

  /** As {@link #createNode}, in service mode. */
  BackplaneNode createService(Vertx vertx, String cluster);

  /** Lets {@code node} die without goodbye: it does nothing more, and nobody is told. */
  void crash(BackplaneNode node);

  /** Frees what the nodes share. */
  @Override
  default void close() {}
}
