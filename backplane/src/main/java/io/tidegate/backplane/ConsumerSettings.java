package io.tidegate.backplane;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How one consumer takes messages.
 *
 * @param group consumers of one group share the messages; each group gets all of them
 * @param concurrency messages that are handled at the same time, at most
 * @param lease how long a message may be handled before it is handed out again
 */
public record ConsumerSettings(String service, String group, int concurrency, Duration lease) {
  public ConsumerSettings {
    requireNonNull(service, "service");
    requireNonNull(group, "group");
    requireNonNull(lease, "lease");
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency: " + concurrency + " (expected: > 0)");
    }
    if (lease.toMillis() < 100) {
      throw new IllegalArgumentException("lease: " + lease + " (expected: >= 100 ms)");
    }
  }

  /**
   * The group of the service's name, as many messages at a time as there are shards, thirty seconds
   * for each.
   */
  public static ConsumerSettings of(String service) {
    return new ConsumerSettings(service, service, ServiceInbox.SHARDS, Duration.ofSeconds(30));
  }
}
