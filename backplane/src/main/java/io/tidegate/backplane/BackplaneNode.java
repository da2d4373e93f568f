package io.tidegate.backplane;

import io.vertx.core.Future;

/**
 * This process's part in the cluster: the four seams over one link to the store, with one life.
 * Thread-safe.
 */
public interface BackplaneNode {
  /**
   * Connects, takes a lease, and starts to call {@code listener} and {@code commands}. Once only.
   */
  Future<Void> start(BackplaneListener listener, CommandHandler commands);

  Backplane backplane();

  PresenceStore presence();

  Cluster cluster();

  ServiceInbox inbox();

  /**
   * Removes this node's presence and interest, gives back the lease, hands data over to the other
   * nodes and disconnects. Idempotent; completes within the implementation's stated deadline, also
   * when the store is gone.
   */
  Future<Void> close();
}
