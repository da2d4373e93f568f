package io.tidegate.gateway.ops;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.prometheus.client.CollectorRegistry;
import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.local.LocalNode;
import io.tidegate.backplane.local.LocalSettings;
import io.tidegate.backplane.local.LocalStore;
import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a node that does not hear itself stops being ready. */
final class CanaryTest {
  private static final long SECOND = 1_000_000_000L;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 3 * SECOND);
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Readiness readiness = new Readiness();
  private final AtomicInteger publishes = new AtomicInteger();
  private final LocalNode node =
      new LocalNode(
          vertx,
          new NodeInfo("node-1", "name", "1.0", 1),
          new LocalStore(
              LocalSettings.defaults(), Clock.systemUTC(), System::nanoTime, new SecureRandom()),
          BackplaneMetrics.NONE);
  private final Canary canary =
      new Canary(
          vertx,
          new CountingBackplane(),
          "node-1",
          readiness,
          new Metrics(registry),
          nanos::get,
          5);
  private volatile boolean deaf;
  private volatile boolean storeDown;

  @BeforeEach
  void start() {
    done(node.start(new Listener(), command -> Future.failedFuture("none")));
    canary.start();
  }

  @AfterEach
  void close() {
    done(node.close());
    done(vertx.close());
  }

  @Test
  void nodeThatHearsItselfIsReady() {
    await().until(this::canaryPasses);
    nanos.addAndGet(60 * SECOND);
    await().until(() -> age() == 0);
    assertThat(canaryPasses()).isTrue();
  }

  @Test
  void nodeThatHearsNothingWhileTheStoreAnswersIsNotReadyUntilItHearsAgain() {
    await().until(this::canaryPasses);
    deaf = true;
    await().until(() -> nanos.addAndGet(SECOND) != 0 && !canaryPasses());
    assertThat(age()).isGreaterThan(5);
    assertThat(readiness.faults())
        .containsEntry(Readiness.Check.CANARY, "own publications are not heard");
    deaf = false;
    await().until(this::canaryPasses);
  }

  @Test
  void storeThatIsDownLeavesTheNodeReady() {
    await().until(this::canaryPasses);
    storeDown = true;
    int before = publishes.get();
    await().until(() -> nanos.addAndGet(10 * SECOND) != 0 && publishes.get() > before + 10);
    assertThat(canaryPasses()).isTrue();
    assertThat(age()).isGreaterThan(5);
  }

  @Test
  void nodeWhoseBackplaneHasEndedIsNotReady() {
    await().until(this::canaryPasses);
    done(node.close());
    await().until(() -> !canaryPasses());
    assertThat(readiness.faults())
        .containsEntry(Readiness.Check.CANARY, "this node's backplane has ended");
  }

  @Test
  void closedCanaryIsSilent() {
    await().until(this::canaryPasses);
    done(canary.close());
    done(canary.close());
    int before = publishes.get();
    var ticks = new AtomicInteger();
    long timer = vertx.setPeriodic(5, id -> ticks.incrementAndGet());
    await().until(() -> ticks.get() > 10);
    assertThat(vertx.cancelTimer(timer)).isTrue();
    assertThat(publishes.get()).isEqualTo(before);
  }

  @Test
  void publicationsOfOthersAreNotItsOwn() {
    assertThat(canary.heard("$canary:node-1")).isTrue();
    assertThat(canary.heard("$canary:node-2")).isFalse();
    assertThat(canary.heard("news")).isFalse();
  }

  private boolean canaryPasses() {
    return !readiness.faults().containsKey(Readiness.Check.CANARY);
  }

  private double age() {
    return registry.getSampleValue("tidegate_canary_age_seconds");
  }

  @CanIgnoreReturnValue
  private static <T> T done(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private final class Listener implements BackplaneListener {
    @Override
    public void publication(String channel, String epoch, Publication publication) {
      if (!deaf) {
        assertThat(canary.heard(channel)).isTrue();
      }
    }

    @Override
    public void joined(String channel, ClientInfo member) {}

    @Override
    public void left(String channel, ClientInfo member) {}

    @Override
    public void presenceReset(String channel) {}

    @Override
    public void discontinued(String channel, StreamPosition resumed, GapCause cause) {}

    @Override
    public Future<Void> leaseLost() {
      return Future.succeededFuture();
    }
  }

  /** The node's own backplane, with a count of what was tried. */
  private final class CountingBackplane implements Backplane {
    @Override
    public Future<PublishResult> publish(PublishRequest request) {
      publishes.incrementAndGet();
      if (storeDown) {
        return Future.failedFuture(new BackplaneException(Reason.UNAVAILABLE, "down"));
      }
      return node.backplane().publish(request);
    }

    @Override
    public Future<StreamPosition> join(String channel, StreamPolicy policy) {
      return node.backplane().join(channel, policy);
    }

    @Override
    public Future<Void> leave(String channel) {
      return node.backplane().leave(channel);
    }

    @Override
    public Future<HistoryPage> history(String channel, StreamPolicy policy, HistoryQuery query) {
      return node.backplane().history(channel, policy, query);
    }

    @Override
    public Future<Void> removeHistory(String channel, StreamPolicy policy) {
      return node.backplane().removeHistory(channel, policy);
    }
  }
}
