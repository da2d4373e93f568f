package io.tidegate.gateway.config;

import io.tidegate.gateway.config.BackplaneSettings.Grid;
import io.tidegate.gateway.config.BackplaneSettings.Redis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys of {@code backplane}. */
final class BackplaneKeys {
  private BackplaneKeys() {}

  static Optional<BackplaneSettings> read(Section keys, Path base) {
    BackplaneSettings.Type type =
        keys.value(
            "type",
            Types.oneOf(BackplaneSettings.Type.class),
            "hazelcast",
            "`hazelcast`: a grid embedded in the nodes, no server needed. `redis`: a Redis server."
                + " `local`: this node alone.");
    String cluster =
        keys.value(
            "cluster",
            Types.TEXT,
            "tidegate",
            "Nodes of one name form a cluster; it is no secret. Begins every key in a Redis server.");
    var grid =
        grid(
            keys.section(
                "hazelcast",
                "The embedded grid. Members know each other by the cluster's name only: whoever"
                    + " reaches the port can join, so keep it on a network of its own."));
    var redis =
        redis(
            keys.section("redis", "A Redis server, 6.2 or later, or one that speaks as it does."),
            base,
            type == BackplaneSettings.Type.REDIS);
    return keys.build(
        () -> new BackplaneSettings(type, cluster, grid.orElseThrow(), redis.orElseThrow()));
  }

  private static Optional<Redis> redis(Section keys, Path base, boolean used) {
    String uri =
        keys.optional(
            "uri",
            Types.redisUri(),
            "The server: `redis://USER:PASSWORD@HOST:PORT/DATABASE`, or `rediss://` for TLS; all but"
                + " the host may be left out.");
    Path authorities =
        keys.optional(
            "ca",
            Types.file(base),
            "PEM file of the authorities that may sign the server's certificate. Absent trusts those"
                + " that Java trusts.");
    Duration timeout =
        keys.value(
            "lease_timeout",
            Types.duration(Duration.ofSeconds(2), Duration.ofMinutes(5)),
            "5s",
            "Silence after which a node counts as dead; longer than any pause of yours.");
    if (used && !keys.isSet("uri")) {
      keys.problem("uri", "missing", "where the server is, such as redis://127.0.0.1:6379");
    }
    return keys.build(() -> new Redis(uri == null ? "" : uri, authorities, timeout));
  }

  private static Optional<Grid> grid(Section keys) {
    String host =
        keys.value(
            "host",
            Types.HOST_NAME,
            "127.0.0.1",
            "Address of the interface at which the other nodes reach this one.");
    int port = keys.value("port", Types.count(1, 65_535), "5701", "Port of the grid.");
    int portCount =
        keys.value(
            "port_count",
            Types.count(1, 100),
            "1",
            "How many ports from `port` on are tried, and looked for at members given without one.");
    List<String> members =
        keys.list(
            "members",
            Types.HOST_AND_PORT,
            List.of(),
            "Some of the other nodes; one that is up suffices to join. Empty looks for nodes at"
                + " `host` only.");
    int backups =
        keys.value(
            "backups",
            Types.count(0, 6),
            "1",
            "Copies of the data beside the first: as many nodes may die at once without loss.");
    Duration timeout =
        keys.value(
            "heartbeat_timeout",
            Types.duration(Duration.ofSeconds(2), Duration.ofMinutes(5)),
            "5s",
            "Silence after which a node counts as dead; longer than any pause of yours.");
    return keys.build(() -> new Grid(host, port, portCount, members, backups, timeout));
  }
}
