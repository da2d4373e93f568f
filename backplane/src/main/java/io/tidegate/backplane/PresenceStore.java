package io.tidegate.backplane;

import io.vertx.core.Future;
import java.util.Map;

/**
 * Who is in a channel now. An entry belongs to the node that added it and lives under that node's
 * lease; entries have no time to live of their own.
 *
 * <ol>
 *   <li>{@link #add} and {@link #remove} take effect, and are told to every node that joined the
 *       channel ({@link BackplaneListener#joined}, {@link BackplaneListener#left}), in one step: an
 *       entry that appears or goes is told exactly once, however often the call is repeated, and in
 *       the order in which it happened.
 *   <li>When a node's lease lapses, any other node reaps its entries; each leave is told exactly
 *       once.
 *   <li>A node whose lease is gone learns it by {@link BackplaneListener#leaseLost}, and its calls
 *       fail with {@link BackplaneException.Reason#CLOSED} until that is done; then it has a new
 *       lease.
 *   <li>A store outage is not a dead node: leases are judged by the store's clock while it was up.
 *   <li>A node that closes in order removes its entries first.
 * </ol>
 *
 * <p>Thread-safe; futures as in {@link Backplane}.
 */
public interface PresenceStore {
  /**
   * Enters {@code member}; an entry of the same client is replaced without another join. Fails with
   * {@link BackplaneException.Reason#LIMIT} when the channel is full.
   *
   * @param announce whether this entry's join and leave are told to listeners; an entry that is
   *     replaced goes on as it was told, so that each leave has its join
   */
  Future<Void> add(String channel, ClientInfo member, boolean announce);

  /** Removes an entry of this node; no entry, no effect. */
  Future<Void> remove(String channel, String client);

  /** The members by client id, at one instant. */
  Future<Map<String, ClientInfo>> members(String channel);

  Future<PresenceStats> stats(String channel);
}
