package io.tidegate.gateway.hub;

import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.StreamPosition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch on its way to the subscribers that its channel had when it came; those that leave
 * meanwhile get nothing, and who joins starts behind it. Confined to the loop.
 */
final class Delivery {
  private static final Logger log = LoggerFactory.getLogger(Delivery.class);

  private final LocalChannel local;
  private final ChannelBatch batch;
  private final Subscriber[] subscribers;
  private @Nullable Throwable failure;
  private int next;

  /** Takes over the batch. */
  Delivery(LocalChannel local, ChannelBatch batch) {
    this.local = local;
    this.batch = batch;
    this.subscribers = local.subscribers();
  }

  void all() {
    boolean done = some(subscribers.length);
    assert done;
  }

  /** Delivers to {@code count} subscribers at most; whether none is left. */
  boolean some(int count) {
    int end = Math.min(next + count, subscribers.length);
    while (next < end) {
      Subscriber subscriber = subscribers[next++];
      if (subscriber.slot >= 0) {
        deliver(subscriber);
      }
    }
    if (end < subscribers.length) {
      return false;
    }
    batch.release();
    if (failure != null) {
      log.error("delivery failed events={}", batch.events().size(), failure);
    }
    return true;
  }

  /** Not by {@link HubShard#safely}: no allocation per subscriber. */
  private void deliver(Subscriber subscriber) {
    try {
      subscriber.deliver(batch);
    } catch (RuntimeException | Error e) {
      failure = e;
      missed(subscriber);
    }
  }

  /** It must not take the next publication for the one that follows. */
  private void missed(Subscriber subscriber) {
    StreamPosition position = local.position;
    if (position != null) {
      HubShard.safely(() -> subscriber.discontinued(position, GapCause.OVERLOAD));
    }
  }
}
