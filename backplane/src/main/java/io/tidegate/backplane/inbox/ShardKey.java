package io.tidegate.backplane.inbox;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.ServiceInbox;
import java.util.List;
import java.util.stream.IntStream;

/** One shard of a service's inbox. */
public record ShardKey(String service, int shard) {
  public ShardKey {
    requireNonNull(service, "service");
    if (shard < 0 || shard >= ServiceInbox.SHARDS) {
      throw new IllegalArgumentException(
          "shard: " + shard + " (expected: 0 to " + (ServiceInbox.SHARDS - 1) + ")");
    }
  }

  static List<ShardKey> all(String service) {
    return IntStream.range(0, ServiceInbox.SHARDS)
        .mapToObj(shard -> new ShardKey(service, shard))
        .toList();
  }
}
