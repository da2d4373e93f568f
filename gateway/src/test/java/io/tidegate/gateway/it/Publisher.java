package io.tidegate.gateway.it;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service that publishes numbers, one after the other, each until a node acknowledged it: through
 * the first node, and through the next one when that fails. A retry carries the same idempotency
 * key, so that it is no second one.
 */
final class Publisher {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final List<ServerApi> nodes;
  private final String channel;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  Publisher(String channel, List<ServerApi> nodes) {
    this.channel = channel;
    this.nodes = nodes;
  }

  /** Publishes up to {@code last}, on a thread of its own. */
  CompletableFuture<Void> start(int last) {
    return CompletableFuture.runAsync(
        () -> {
          for (int n = acknowledged.get() + 1; n <= last; n++) {
            publish(n);
            acknowledged.set(n);
          }
        });
  }

  /** The last number that a node acknowledged. */
  int acknowledged() {
    return acknowledged.get();
  }

  private void publish(int n) {
    JsonObject publication = ServerApi.publication(channel, n).put("idempotency_key", "n" + n);
    if (!isAcknowledged(publication)) {
      await("acknowledgement of " + n)
          .atMost(PATIENCE)
          .pollInterval(PAUSE)
          .until(() -> isAcknowledged(publication));
    }
  }

  private boolean isAcknowledged(JsonObject publication) {
    ServerApi node = nodes.get(failures.get() % nodes.size());
    try {
      if (node.answer("publish", publication).containsKey("result")) {
        return true;
      }
    } catch (IOException e) {
      // As good as an error in the answer: the publication may be there or not.
    }
    failures.incrementAndGet();
    return false;
  }
}
