package io.tidegate.gateway.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What connects the nodes.
 *
 * @param cluster nodes of one name form a cluster, others are refused
 * @param hazelcast looked at with {@link Type#HAZELCAST} only
 * @param redis looked at with {@link Type#REDIS} only
 */
public record BackplaneSettings(Type type, String cluster, Grid hazelcast, Redis redis) {
  public BackplaneSettings {
    requireNonNull(type, "type");
    requireNonNull(cluster, "cluster");
    requireNonNull(hazelcast, "hazelcast");
    requireNonNull(redis, "redis");
    if (type == Type.REDIS && !cluster.matches("[^{}]+")) {
      throw new IllegalArgumentException(
          "cluster: '" + cluster + "' (expected: a name without { }, since it begins Redis keys)");
    }
  }

  /** The kinds of backplane. */
  public enum Type {
    /** A grid embedded in the nodes. */
    HAZELCAST,
    /** A Redis server beside the nodes. */
    REDIS,
    /** This process alone. */
    LOCAL
  }

  /**
   * The embedded grid.
   *
   * @param host the address of one interface; other nodes reach this one there
   * @param portCount how many ports from {@code port} on are tried, and looked for at each member
   *     that is given without a port
   * @param members hosts or {@code host:port} of some of the other nodes; empty looks at {@code
   *     host} only
   * @param backups copies of the data beside the first
   * @param heartbeatTimeout silence after which a node counts as dead
   */
  public record Grid(
      String host,
      int port,
      int portCount,
      List<String> members,
      int backups,
      Duration heartbeatTimeout) {
    public Grid {
      requireNonNull(host, "host");
      members = List.copyOf(members);
      if (port < 1 || portCount < 1 || port + portCount > 65_536) {
        throw new IllegalArgumentException(
            "portCount: " + portCount + " (expected: from 1 on, the last port at most 65535)");
      }
      if (backups < 0 || backups > 6) {
        throw new IllegalArgumentException("backups: " + backups + " (expected: 0 to 6)");
      }
      if (heartbeatTimeout.compareTo(Duration.ofSeconds(2)) < 0) {
        throw new IllegalArgumentException(
            "heartbeatTimeout: " + heartbeatTimeout + " (expected: >= 2s)");
      }
    }
  }

  /**
   * The Redis server.
   *
   * @param uri with credentials: never printed; empty where it is not used
   * @param ca PEM file of those that may sign its certificate; absent for Java's own
   * @param leaseTimeout silence after which a node counts as dead
   */
  public record Redis(String uri, @Nullable Path ca, Duration leaseTimeout) {
    public Redis {
      requireNonNull(uri, "uri");
      requireNonNull(leaseTimeout, "leaseTimeout");
    }

    /** Without the address, which may hold a password. */
    @Override
    public String toString() {
      return "Redis[leaseTimeout=" + leaseTimeout + "]";
    }
  }
}
