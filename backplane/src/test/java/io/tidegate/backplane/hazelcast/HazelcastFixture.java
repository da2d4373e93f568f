package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.NodeInfo;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Several members in one process, each cluster on free ports of its own. */
final class HazelcastFixture implements ContractFixture {
  static final int PORTS = 4;
  private static final AtomicInteger IDS = new AtomicInteger();

  private final Map<String, Integer> firstPorts = new HashMap<>();
  private final SecureRandom random = new SecureRandom();

  @Override
  public BackplaneNode createNode(Vertx vertx, String cluster, int membersPerChannel) {
    return createNode(vertx, cluster, membersPerChannel, BackplaneMetrics.NONE);
  }

  HazelcastNode createNode(
      Vertx vertx, String cluster, int membersPerChannel, BackplaneMetrics metrics) {
    HazelcastSettings settings = settings(cluster, membersPerChannel);
    return HazelcastNode.create(
        vertx, settings, info("node"), Clock.systemUTC(), System::nanoTime, random, metrics);
  }

  @Override
  public BackplaneNode createService(Vertx vertx, String cluster) {
    return HazelcastNode.forService(
        vertx,
        settings(cluster, 1),
        info("service"),
        Clock.systemUTC(),
        System::nanoTime,
        random,
        BackplaneMetrics.NONE);
  }

  private HazelcastSettings settings(String cluster, int membersPerChannel) {
    int port = firstPorts.computeIfAbsent(cluster, name -> freePorts());
    return new HazelcastSettings(
        cluster, "127.0.0.1", port, PORTS, List.of(), 1, Duration.ofSeconds(5), membersPerChannel);
  }

  private static NodeInfo info(String kind) {
    String id = kind + "-" + IDS.incrementAndGet();
    return new NodeInfo(id, "name-of-" + id, "1.0", 1L);
  }

  @Override
  public void crash(BackplaneNode node) {
    ((HazelcastNode) node).vanish();
  }

  private int freePorts() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int first = 20_000 + random.nextInt(10_000 / PORTS) * PORTS;
      boolean free = true;
      for (int port = first; free && port < first + PORTS; port++) {
        free = isFree(port);
      }
      if (free) {
        return first;
      }
    }
    throw new IllegalStateException("no free ports");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      if (e instanceof java.net.BindException) {
        return false;
      }
      throw new UncheckedIOException(e);
    }
  }
}
