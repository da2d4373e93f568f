package io.tidegate.backplane;

import io.vertx.core.Future;

/**
 * This process's part in the cluster: the four seams over one link to the store, with one life.
 * Thread-safe.
 *
 * <p>A process that is no node of its own, such as a service's, has one in <em>service mode</em>:
 * it takes no lease, so it is not one of {@link Cluster#nodes()}, is asked nothing, and holds no
 * presence ({@link PresenceStore} fails with {@code CLOSED}); but it asks nodes, and consumes from
 * inboxes. {@link BackplaneListener#leaseLost} may still be called. Each implementation has a
 * factory for it.
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
