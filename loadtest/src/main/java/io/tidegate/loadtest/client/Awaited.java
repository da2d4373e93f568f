package io.tidegate.loadtest.client;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Tells a publisher when all subscribers have the publication that it waits for; it has one at a
 * time. Thread-safe.
 */
public final class Awaited {
  private final int slots;
  private final AtomicIntegerArray missing;
  private volatile @Nullable Listener listener;

  /** Told by the event loop on which the last delivery came. */
  public interface Listener {
    void deliveredToAll(int channel, int slot);
  }

  public Awaited(int channels, int slots) {
    this.slots = slots;
    missing = new AtomicIntegerArray(Math.multiplyExact(channels, slots));
  }

  /** Called before the first publication. */
  public void tell(Listener told) {
    listener = told;
  }

  /** Called before the channel's publisher publishes to so many subscribers. */
  public void expect(int channel, int slot, int subscribers) {
    missing.set(channel * slots + slot, subscribers);
  }

  void delivered(int channel, int slot) {
    Listener told = listener;
    if (missing.decrementAndGet(channel * slots + slot) == 0 && told != null) {
      told.deliveredToAll(channel, slot);
    }
  }
}
