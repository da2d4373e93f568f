package io.tidegate.backplane.local;

import java.time.Duration;

/**
 * Bounds and deadlines of a {@link LocalStore}.
 *
 * @param channels channels that exist at once; one more fails with {@code LIMIT}
 * @param membersPerChannel presence entries of one channel; one more fails with {@code LIMIT}
 * @param pendingEvents what waits for one node's listener; above it, whatever would add to it fails
 *     with {@code OVERLOADED}
 * @param leaseTimeout how long a node may stand still before the others remove its presence
 * @param commandTimeout how long a node may take to answer a command
 */
public record LocalSettings(
    int channels,
    int membersPerChannel,
    int pendingEvents,
    Duration leaseTimeout,
    Duration commandTimeout) {
  public LocalSettings {
    requirePositive("channels", channels);
    requirePositive("membersPerChannel", membersPerChannel);
    requirePositive("pendingEvents", pendingEvents);
    requireSomeMillis("leaseTimeout", leaseTimeout);
    requireSomeMillis("commandTimeout", commandTimeout);
  }

  public static LocalSettings defaults() {
    return new LocalSettings(
        1_000_000, 10_000, 65_536, Duration.ofSeconds(5), Duration.ofSeconds(2));
  }

  /** Between two renewals of a lease, and two looks at everybody's. */
  Duration leaseInterval() {
    return leaseTimeout.dividedBy(5);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }

  private static void requireSomeMillis(String name, Duration value) {
    if (value.toMillis() < 50) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 50 ms)");
    }
  }
}
