package io.tidegate.gateway.it;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.redis.RedisNode;
import io.tidegate.backplane.redis.RedisSettings;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** On a Redis server. */
final class RedisJavaServiceIT extends JavaServiceSuite {
  private static final String CLUSTER = "test";

  private @Nullable RedisProcess redis;

  @Override
  List<NodeConfig> cluster(String... names) {
    redis = nodes.redis();
    return NodeConfig.onRedis(uri(), names);
  }

  private String uri() {
    return requireNonNull(redis, "redis").uri();
  }

  @Override
  BackplaneNode serviceNode(Vertx vertx, NodeInfo info, SecureRandom random) {
    return RedisNode.forService(
        vertx,
        RedisSettings.of(uri(), CLUSTER),
        info,
        System::nanoTime,
        random,
        BackplaneMetrics.NONE);
  }

  @Override
  Map<String, String> environment() {
    return Map.of("REDIS", uri(), "CLUSTER", CLUSTER);
  }
}
