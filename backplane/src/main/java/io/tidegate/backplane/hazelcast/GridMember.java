package io.tidegate.backplane.hazelcast;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.concurrent.ForkJoinPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this process becomes a member of the grid, and how it ceases to be one. */
final class GridMember {
  private static final int LEAVE_SECONDS = 35;
  private static final Logger log = LoggerFactory.getLogger(GridMember.class);

  private GridMember() {}

  /**
   * Blocks for seconds.
   *
   * @throws IllegalArgumentException where the port or the host is not to be had on this machine
   * @throws IllegalStateException where anything else fails
   */
  static HazelcastInstance join(HazelcastSettings settings, Config config) {
    if (ForkJoinPool.getCommonPoolParallelism() < 2) {
      log.warn(
          "the common pool has one thread, which makes the grid ten times slower;"
              + " set -Djava.util.concurrent.ForkJoinPool.common.parallelism=2");
    }
    try {
      return Hazelcast.newHazelcastInstance(config);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof BindException taken) {
        throw new IllegalArgumentException(
            "port: " + ports(settings) + " (expected: a free port; " + taken.getMessage() + ")", e);
      }
      if (isElsewhere(settings.host())) {
        throw new IllegalArgumentException(
            "host: '" + settings.host() + "' (expected: an address of this machine)", e);
      }
      throw new IllegalStateException("the grid refuses its configuration or fails", e);
    }
  }

  /** Hands the member's data over and leaves; completes when that is done, or takes too long. */
  static Future<Boolean> leave(Vertx vertx, HazelcastInstance instance) {
    return vertx
        .executeBlocking(
            () -> {
              leave(instance);
              return true;
            },
            false)
        .timeout(LEAVE_SECONDS, SECONDS)
        .otherwise(
            late -> {
              // Nothing hurries it: to terminate would wait for the shutdown's lock.
              log.warn("the grid's member does not leave in time and is left alone");
              return false;
            });
  }

  private static void leave(HazelcastInstance instance) {
    LifecycleService lifecycle = instance.getLifecycleService();
    try {
      lifecycle.shutdown();
    } catch (RuntimeException e) {
      log.warn("the grid's member does not leave in order and is ended", e);
      lifecycle.terminate();
    }
  }

  private static String ports(HazelcastSettings settings) {
    int last = settings.port() + settings.portCount() - 1;
    return settings.port() + (settings.portCount() == 1 ? "" : " to " + last);
  }

  private static boolean isElsewhere(String host) {
    try {
      return NetworkInterface.getByInetAddress(InetAddress.getByName(host)) == null;
    } catch (IOException e) {
      // Nobody knows; the failure that brought us here is told.
      return false;
    }
  }
}
