package io.tidegate.gateway.hub;

import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.StreamPosition;

/**
 * One subscription as the hub sees it. Confined to the event loop of the {@link HubShard} it was
 * added to.
 */
public abstract class Subscriber {
  /** Where this subscriber stands in its channel's array; the shard's alone. */
  int slot = -1;

  protected Subscriber() {}

  /**
   * Takes what happened in the channel in this pass, in order. The batch is valid during the call.
   */
  protected abstract void deliver(ChannelBatch batch);

  /** What lies between the last delivery and {@code resumed} may be missing. */
  protected abstract void discontinued(StreamPosition resumed, GapCause cause);

  /**
   * Joins or leaves were missed: what this subscriber was told of the members may be out of date.
   */
  protected abstract void presenceReset();
}
