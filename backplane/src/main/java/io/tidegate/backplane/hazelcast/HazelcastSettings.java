package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * How a node takes part in the grid.
 *
 * @param clusterName members of other clusters are refused
 * @param host address that the member binds to and is reached at; whoever reaches it can join and
 *     run code, since this edition of Hazelcast authenticates nobody
 * @param port the member's first port
 * @param portCount how many ports from {@code port} on it may try; 1 takes exactly that one
 * @param members where to look for other members, as {@code host:port}; empty looks on the own
 *     host's ports
 * @param backups copies of each channel on other members
 * @param heartbeatTimeout a member that is silent for so long is removed
 * @param presencePerChannel presence entries that a channel may have
 */
public record HazelcastSettings(
    String clusterName,
    String host,
    int port,
    int portCount,
    List<String> members,
    int backups,
    Duration heartbeatTimeout,
    int presencePerChannel) {
  public HazelcastSettings {
    requireNonNull(clusterName, "clusterName");
    requireNonNull(host, "host");
    members = List.copyOf(members);
    if (clusterName.isBlank()) {
      throw new IllegalArgumentException("clusterName: '' (expected: a name)");
    }
    if (host.isBlank() || host.equals("0.0.0.0") || host.equals("::")) {
      throw new IllegalArgumentException(
          "host: '" + host + "' (expected: one address that the other members reach)");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
    }
    if (portCount < 1 || port + portCount - 1 > 65_535) {
      throw new IllegalArgumentException(
          "portCount: " + portCount + " (expected: > 0, within the ports)");
    }
    for (String member : members) {
      if (!member.matches("[^:\\s]+:\\d{1,5}|\\[[0-9a-fA-F:]+]:\\d{1,5}")) {
        throw new IllegalArgumentException("members: '" + member + "' (expected: host:port)");
      }
    }
    if (backups < 0 || backups > 6) {
      throw new IllegalArgumentException("backups: " + backups + " (expected: 0 to 6)");
    }
    if (heartbeatTimeout.compareTo(Duration.ofSeconds(2)) < 0) {
      throw new IllegalArgumentException(
          "heartbeatTimeout: " + heartbeatTimeout + " (expected: >= 2s)");
    }
    if (presencePerChannel < 1) {
      throw new IllegalArgumentException(
          "presencePerChannel: " + presencePerChannel + " (expected: > 0)");
    }
  }

  /** One member on loopback that finds others on the next few ports. */
  public static HazelcastSettings defaults() {
    return new HazelcastSettings(
        "tidegate", "127.0.0.1", 5701, 10, List.of(), 1, Duration.ofSeconds(5), 10_000);
  }
}
