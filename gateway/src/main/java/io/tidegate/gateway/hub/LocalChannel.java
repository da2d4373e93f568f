package io.tidegate.gateway.hub;

import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel on one event loop, from its first local subscriber to its last. Confined to the loop,
 * but for {@link #lost}, which belongs to the lock of the channel's {@link Interest}.
 */
final class LocalChannel {
  final String name;
  final HubShard shard;

  /**
   * Set where the loop's queue was full: nothing is queued any more until the loop has been told.
   */
  boolean lost;

  /** The last position delivered here; absent until the node hears the channel. */
  @Nullable StreamPosition position;

  @Nullable ChannelBatch batch;
  private final List<Subscriber> subscribers = new ArrayList<>(1);
  private List<Waiting> waiting = List.of();

  LocalChannel(String name, HubShard shard) {
    this.name = name;
    this.shard = shard;
  }

  record Waiting(Subscriber subscriber, Promise<StreamPosition> promise) {}

  void add(Subscriber subscriber) {
    subscriber.slot = subscribers.size();
    subscribers.add(subscriber);
  }

  /** Whether it was there. The last subscriber takes the freed place, so walks go from the end. */
  boolean remove(Subscriber subscriber) {
    int slot = subscriber.slot;
    if (slot < 0 || slot >= subscribers.size() || subscribers.get(slot) != subscriber) {
      return false;
    }
    Subscriber last = subscribers.remove(subscribers.size() - 1);
    if (last != subscriber) {
      subscribers.set(slot, last);
      last.slot = slot;
    }
    subscriber.slot = -1;
    return true;
  }

  boolean isEmpty() {
    return subscribers.isEmpty();
  }

  int size() {
    return subscribers.size();
  }

  /** Those of now. */
  Subscriber[] subscribers() {
    return subscribers.toArray(new Subscriber[0]);
  }

  /** What this pass has brought so far, to be delivered by the caller. */
  @Nullable ChannelBatch takeBatch() {
    ChannelBatch taken = batch;
    batch = null;
    return taken;
  }

  Subscriber subscriber(int slot) {
    return subscribers.get(slot);
  }

  void await(Subscriber subscriber, Promise<StreamPosition> promise) {
    if (waiting.isEmpty()) {
      waiting = new ArrayList<>(1);
    }
    waiting.add(new Waiting(subscriber, promise));
  }

  /** Those who wait for the first position; each is answered once. */
  List<Waiting> takeWaiting() {
    List<Waiting> taken = waiting;
    waiting = List.of();
    return taken;
  }

  /** The promise of a subscriber that leaves before it was answered. */
  @Nullable Promise<StreamPosition> takeWaiting(Subscriber subscriber) {
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).subscriber() == subscriber) {
        return waiting.remove(i).promise();
      }
    }
    return null;
  }
}
