package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a member brings from its side of a split although partitions of it cannot be read. */
final class HeldShardsTest {
  private final AtomicLong now = new AtomicLong();
  private final Map<String, Integer> failures = new HashMap<>();
  private final List<String> named = new ArrayList<>();
  private long readingNanos;

  @Test
  void partitionThatFailsOnceIsReadAgain() {
    failures.put("b", 1);
    assertThat(read("a", "b", "c")).containsOnlyKeys(shard("a"), shard("b"), shard("c"));
    assertThat(named).isEmpty();
  }

  @Test
  void partitionThatCannotBeReadTakesNoOtherWithIt() {
    failures.put("a", Integer.MAX_VALUE);
    assertThat(read("a", "b", "c")).containsOnlyKeys(shard("b"), shard("c"));
    assertThat(named).containsExactly("a");
  }

  @Test
  void readingEndsWhenItsPatienceDoes() {
    readingNanos = 9_000_000_000L;
    assertThat(read("a", "b", "c", "d")).containsOnlyKeys(shard("a"), shard("b"), shard("c"));
    assertThat(named).containsExactly("d");
  }

  private Map<ShardKey, ShardState> read(String... places) {
    var held =
        new HeldShards(
            place -> {
              now.addAndGet(readingNanos);
              if (failures.merge(place, -1, Integer::sum) >= 0) {
                throw new IllegalStateException("partition moves");
              }
              return Map.of(shard(place), new ShardState());
            },
            place -> {
              named.add(place);
              return List.of(place);
            },
            now::get);
    return held.read(List.of(places));
  }

  private static ShardKey shard(String service) {
    return new ShardKey(service, 0);
  }
}
