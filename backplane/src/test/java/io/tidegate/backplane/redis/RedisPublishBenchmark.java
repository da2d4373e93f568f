package io.tidegate.backplane.redis;

import static io.tidegate.backplane.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.RecordingListener;
import io.tidegate.backplane.StreamPolicy;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What a publish costs on Redis: run by name only, {@code mvn -pl backplane test
 * -Dtest=RedisPublishBenchmark}. Prints; asserts nothing of time.
 */
final class RedisPublishBenchmark {
  private static final int PUBLISHES = 200_000;
  private static final int IN_FLIGHT = 512;
  private static final int CHANNELS = 100;
  private static final Payload DATA = Payload.of(new byte[128]);

  @Test
  void printsThePriceOfAPublish() {
    Vertx vertx = Vertx.vertx();
    try (RedisServer server = RedisServer.start()) {
      RedisNode node =
          RedisNode.create(
              vertx,
              server.settings("bench"),
              new NodeInfo("bench", "bench", "1", 1L),
              System::nanoTime,
              new SecureRandom(),
              BackplaneMetrics.NONE);
      await(node.start(new RecordingListener(), command -> Future.succeededFuture(Payload.EMPTY)));
      for (StreamPolicy policy :
          new StreamPolicy[] {
            StreamPolicy.NO_HISTORY, new StreamPolicy(100, Duration.ofMinutes(5))
          }) {
        run(vertx, node, policy, PUBLISHES / 2); // Warms up.
        server.command("CONFIG RESETSTAT");
        double serverBefore = serverCpu(server);
        long before = System.nanoTime();
        long cpuBefore = cpuNanos();
        run(vertx, node, policy, PUBLISHES);
        double seconds = (System.nanoTime() - before) / 1e9;
        double cpu = (cpuNanos() - cpuBefore) / 1e3 / PUBLISHES;
        double serverCpu = (serverCpu(server) - serverBefore) * 1e6 / PUBLISHES;
        assertThat(calls(server)).isBetween((long) PUBLISHES, PUBLISHES + 1_000L);
        System.out.printf(
            Locale.ROOT,
            "history %d: %.0f publishes/s, node %.1f us, server %.1f us of CPU each; calls per"
                + " publish 1%n",
            policy.historySize(),
            PUBLISHES / seconds,
            cpu,
            serverCpu);
      }
      await(node.close());
    }
    await(vertx.close());
  }

  private static void run(Vertx vertx, RedisNode node, StreamPolicy policy, int count) {
    Context context = vertx.getOrCreateContext();
    Promise<Void> done = Promise.promise();
    context.runOnContext(v -> new Load(node, policy, count, done).begin());
    await(done.future());
  }

  /** Keeps so many publishes under way; on one context. */
  private static final class Load {
    private final RedisNode node;
    private final StreamPolicy policy;
    private final int count;
    private final Promise<Void> done;
    private int sent;
    private int answered;

    Load(RedisNode node, StreamPolicy policy, int count, Promise<Void> done) {
      this.node = node;
      this.policy = policy;
      this.count = count;
      this.done = done;
    }

    void begin() {
      for (int i = 0; i < IN_FLIGHT; i++) {
        next();
      }
    }

    private void next() {
      if (sent == count) {
        return;
      }
      String channel = "channel-" + sent++ % CHANNELS;
      node.backplane()
          .publish(PublishRequest.of(channel, DATA, policy))
          .onFailure(done::tryFail)
          .onSuccess(
              result -> {
                if (++answered == count) {
                  done.complete();
                }
                next();
              });
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static double serverCpu(RedisServer server) {
    String cpu = server.command("INFO cpu");
    return number(cpu, "used_cpu_user:([0-9.]+)") + number(cpu, "used_cpu_sys:([0-9.]+)");
  }

  private static long calls(RedisServer server) {
    return (long) number(server.command("INFO commandstats"), "cmdstat_evalsha:calls=(\\d+)");
  }

  private static double number(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }
}
