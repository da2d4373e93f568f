package io.tidegate.backplane;

import io.vertx.core.Future;

/**
 * What a node hears of the channels it joined. Calls for one channel never overlap and come in
 * stream order; calls for different channels may run in parallel. Called on the implementation's
 * threads: an implementation of this interface hands over and returns, it never blocks.
 */
public interface BackplaneListener {
  /** The next publication of {@code channel}, its offset one above the last known position's. */
  void publication(String channel, String epoch, Publication publication);

  /** A client entered {@code channel}; at most once per entry, never after its leave. */
  void joined(String channel, ClientInfo member);

  /**
   * A client left {@code channel} or was reaped with its node; exactly once per {@link #joined},
   * unless {@link #presenceReset} came between.
   */
  void left(String channel, ClientInfo member);

  /**
   * The stream goes on, but not from where this listener was: what lies between the last position
   * and {@code resumed} may be missing. The next publication comes right after {@code resumed}.
   */
  void discontinued(String channel, StreamPosition resumed, GapCause cause);

  /**
   * Joins or leaves of {@code channel} were missed, though no publication need be: what was told of
   * its members may be out of date, and a later {@link #left} may have no {@link #joined}. Who
   * keeps a picture of the members reads it anew.
   */
  void presenceReset(String channel);

  /**
   * The cluster gave up on this node (it was frozen or cut off) and has removed its presence. The
   * store refuses presence until the future completes; close every session first.
   */
  Future<Void> leaseLost();
}
