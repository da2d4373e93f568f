package io.tidegate.backplane.redis;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.NodeInfo;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes on one real server. */
final class RedisFixture implements ContractFixture {
  private static final AtomicInteger IDS = new AtomicInteger();

  private final RedisServer server = RedisServer.start();
  private final SecureRandom random = new SecureRandom();

  @Override
  public BackplaneNode createNode(Vertx vertx, String cluster, int membersPerChannel) {
    var settings =
        new RedisSettings(server.uri(), null, cluster, membersPerChannel, Duration.ofSeconds(2));
    return createNode(vertx, settings, BackplaneMetrics.NONE);
  }

  RedisNode createNode(Vertx vertx, RedisSettings settings, BackplaneMetrics metrics) {
    String id = "node-" + IDS.incrementAndGet();
    var info = new NodeInfo(id, "name-of-" + id, "1.0", 1L);
    return RedisNode.create(vertx, settings, info, System::nanoTime, random, metrics);
  }

  RedisServer server() {
    return server;
  }

  @Override
  public BackplaneNode createService(Vertx vertx, String cluster) {
    String id = "service-" + IDS.incrementAndGet();
    return RedisNode.forService(
        vertx,
        RedisSettings.of(server.uri(), cluster),
        new NodeInfo(id, "name-of-" + id, "1.0", 1L),
        System::nanoTime,
        random,
        BackplaneMetrics.NONE);
  }

  @Override
  public void crash(BackplaneNode node) {
    ((RedisNode) node).vanish();
  }

  @Override
  public void close() {
    server.close();
  }
}
