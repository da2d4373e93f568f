package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardState;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a member holds of services' shards before it leaves its side of a split: one partition
 * at a time, so that one that cannot be read takes no other with it.
 */
final class HeldShards {
  private static final Logger log = LoggerFactory.getLogger(HeldShards.class);
  private static final int TRIES = 3;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final Function<String, Map<ShardKey, ShardState>> reading;
  private final Function<String, Collection<String>> naming;
  private final LongSupplier nanoTime;

  /**
   * Makes a reader.
   *
   * @param reading waits for the shards of a partition, given a key that is in it
   * @param naming the names of a partition's shards, as far as they are known without reading it
   */
  HeldShards(
      Function<String, Map<ShardKey, ShardState>> reading,
      Function<String, Collection<String>> naming,
      LongSupplier nanoTime) {
    this.reading = reading;
    this.naming = naming;
    this.nanoTime = nanoTime;
  }

  private record Attempt(String place, int number) {}

  /**
   * Reads the partitions of {@code places}, each a few times if need be, for as long as its
   * patience lasts. Waits: never on the node's thread.
   */
  Map<ShardKey, ShardState> read(Collection<String> places) {
    long deadline = nanoTime.getAsLong() + PATIENCE_NANOS;
    Map<ShardKey, ShardState> held = new HashMap<>();
    Queue<Attempt> open = new ArrayDeque<>();
    places.forEach(place -> open.add(new Attempt(place, 1)));
    while (!open.isEmpty() && nanoTime.getAsLong() - deadline < 0) {
      Attempt attempt = open.remove();
      try {
        held.putAll(reading.apply(attempt.place()));
      } catch (RuntimeException e) {
        log.warn("shards of services cannot be read place={}: {}", attempt.place(), e.toString());
        if (attempt.number() < TRIES) {
          open.add(new Attempt(attempt.place(), attempt.number() + 1));
        } else {
          lost(attempt.place());
        }
      }
    }
    open.forEach(attempt -> lost(attempt.place()));
    return held;
  }

  private void lost(String place) {
    Collection<String> shards = naming.apply(place);
    if (!shards.isEmpty()) {
      log.error(
          "messages to services that this side of a split accepted are lost shards={}", shards);
    }
  }
}
