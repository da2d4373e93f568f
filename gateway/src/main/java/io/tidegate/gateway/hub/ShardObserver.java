package io.tidegate.gateway.hub;

/** Told what a shard does. Called on the shard's loop. */
public interface ShardObserver {
  /** A publication was taken; {@code timeMillis} is when the store appended it. */
  void received(long timeMillis);

  /** A pass begins. */
  void passBegins();

  /** The pass is over, flushes included; it delivered {@code events}. */
  void passEnds(int events);
}
