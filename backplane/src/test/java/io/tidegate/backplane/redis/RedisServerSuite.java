package io.tidegate.backplane.redis;

import static io.tidegate.backplane.Futures.await;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.RecordingListener;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.ServiceMessage.Kind;
import io.tidegate.backplane.StreamPolicy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server of each test's own, and nodes on it. */
abstract class RedisServerSuite {
  static final StreamPolicy KEEP = new StreamPolicy(1_000, Duration.ofMinutes(5));
  static final String CHANNEL = "news";

  private final Vertx vertx = Vertx.vertx();
  private final List<AutoCloseable> resources = new ArrayList<>();
  final Queue<String> forks = new ConcurrentLinkedQueue<>();
  RedisServer server;

  @BeforeEach
  void startServer() {
    server = keep(RedisServer.start("--appendonly", "yes", "--appendfsync", "always"));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = resources.size() - 1; i >= 0; i--) {
      resources.get(i).close();
    }
    await(vertx.close());
  }

  final class Node implements AutoCloseable {
    final RecordingListener heard = new RecordingListener();
    final RedisNode node;

    Node(RedisSettings settings) {
      String id = "node-" + IDS.incrementAndGet();
      node =
          RedisNode.create(
              vertx,
              settings,
              new NodeInfo(id, id, "1.0", 1L),
              System::nanoTime,
              new SecureRandom(),
              new BackplaneMetrics() {
                @Override
                public void forked(String cause) {
                  forks.add(cause);
                }
              });
    }

    Future<Void> start() {
      return node.start(heard, command -> Future.succeededFuture(Payload.EMPTY));
    }

    Future<PublishResult> publish(String text, @Nullable String key) {
      return node.backplane()
          .publish(new PublishRequest(CHANNEL, Payload.utf8(text), KEEP, null, Map.of(), key));
    }

    Future<PublishResult> publishTo(String channel) {
      return node.backplane().publish(PublishRequest.of(channel, Payload.utf8("x"), KEEP));
    }

    @Override
    public void close() {
      await(node.close());
    }
  }

  private static final java.util.concurrent.atomic.AtomicInteger IDS =
      new java.util.concurrent.atomic.AtomicInteger();

  final Node start() {
    return start(server.settings("test"));
  }

  @CanIgnoreReturnValue
  final Node start(RedisSettings settings) {
    Node node = keep(new Node(settings));
    await(node.start());
    return node;
  }

  final <T extends AutoCloseable> T keep(T resource) {
    resources.add(resource);
    return resource;
  }

  static ClientInfo client(String id) {
    return new ClientInfo(id, "user-of-" + id, null, null);
  }

  static ServiceMessage message(String id) {
    return new ServiceMessage(id, Kind.RPC, "m", Payload.utf8("1"), client("c"), 1, 0);
  }

  static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(io.tidegate.backplane.BackplaneException.class)
        .untilAsserted(assertion);
  }
}
