package io.tidegate.backplane.local;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.NodeInfo;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Several nodes on one store per cluster. */
final class LocalFixture implements ContractFixture {
  private final Map<String, LocalStore> stores = new HashMap<>();
  private final AtomicInteger ids = new AtomicInteger();

  @Override
  public BackplaneNode createNode(Vertx vertx, String cluster, int membersPerChannel) {
    String id = "node-" + ids.incrementAndGet();
    LocalStore store = stores.computeIfAbsent(cluster, name -> newStore(membersPerChannel));
    return new LocalNode(
        vertx, new NodeInfo(id, "name-of-" + id, "1.0", 1L), store, BackplaneMetrics.NONE);
  }

  @Override
  public BackplaneNode createService(Vertx vertx, String cluster) {
    String id = "service-" + ids.incrementAndGet();
    LocalStore store = stores.computeIfAbsent(cluster, name -> newStore(1));
    return LocalNode.forService(
        vertx, new NodeInfo(id, "name-of-" + id, "1.0", 1L), store, BackplaneMetrics.NONE);
  }

  @Override
  public void crash(BackplaneNode node) {
    ((LocalNode) node).vanish();
  }

  private static LocalStore newStore(int membersPerChannel) {
    var settings =
        new LocalSettings(
            100_000, membersPerChannel, 65_536, Duration.ofSeconds(1), Duration.ofSeconds(1));
    return new LocalStore(settings, Clock.systemUTC(), System::nanoTime, new SecureRandom());
  }
}
