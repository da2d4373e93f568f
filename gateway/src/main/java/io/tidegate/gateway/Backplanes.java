package io.tidegate.gateway;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.hazelcast.HazelcastNode;
import io.tidegate.backplane.hazelcast.HazelcastSettings;
import io.tidegate.backplane.local.LocalNode;
import io.tidegate.backplane.local.LocalSettings;
import io.tidegate.backplane.local.LocalStore;
import io.tidegate.backplane.redis.RedisNode;
import io.tidegate.backplane.redis.RedisSettings;
import io.tidegate.gateway.config.BackplaneSettings;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The one place that names an implementation of the backplane. */
final class Backplanes {
  private static final int PRESENCE_PER_CHANNEL = 10_000;

  private Backplanes() {}

  static BackplaneNode create(
      BackplaneSettings settings,
      Vertx vertx,
      NodeInfo node,
      Clock clock,
      LongSupplier nanoTime,
      SecureRandom random,
      BackplaneMetrics metrics) {
    return switch (settings.type()) {
      case LOCAL -> {
        var store = new LocalStore(LocalSettings.defaults(), clock, nanoTime, random);
        yield new LocalNode(vertx, node, store, metrics);
      }
      case HAZELCAST ->
          HazelcastNode.create(vertx, grid(settings), node, clock, nanoTime, random, metrics);
      case REDIS -> RedisNode.create(vertx, redis(settings), node, nanoTime, random, metrics);
    };
  }

  private static HazelcastSettings grid(BackplaneSettings settings) {
    BackplaneSettings.Grid grid = settings.hazelcast();
    return new HazelcastSettings(
        settings.cluster(),
        grid.host(),
        grid.port(),
        grid.portCount(),
        grid.members().stream().flatMap(member -> addresses(member, grid)).toList(),
        grid.backups(),
        grid.heartbeatTimeout(),
        PRESENCE_PER_CHANNEL);
  }

  private static RedisSettings redis(BackplaneSettings settings) {
    BackplaneSettings.Redis redis = settings.redis();
    return new RedisSettings(
        redis.uri(),
        redis.ca() == null ? null : redis.ca().toString(),
        settings.cluster(),
        PRESENCE_PER_CHANNEL,
        redis.leaseTimeout());
  }

  /** A member that is given without a port is looked for on each port of the range. */
  private static Stream<String> addresses(String member, BackplaneSettings.Grid grid) {
    return member.matches(".*:\\d+")
        ? Stream.of(member)
        : IntStream.range(grid.port(), grid.port() + grid.portCount())
            .mapToObj(port -> member + ":" + port);
  }
}
