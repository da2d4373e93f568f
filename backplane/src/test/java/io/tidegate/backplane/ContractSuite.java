package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * What the contract suites share. Nodes cost seconds with some technologies, so tests that do no
 * harm use the three {@linkplain #node shared nodes} on channels of their own; tests that stop or
 * kill nodes start a {@linkplain #freshCluster cluster of their own}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ContractSuite {
  protected static final StreamPolicy KEEP = new StreamPolicy(10_000, Duration.ofMinutes(5));
  protected static final int MEMBERS_PER_CHANNEL = 50;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AtomicInteger CLUSTERS = new AtomicInteger();

  private final List<TestNode> shared = new ArrayList<>();
  private final List<TestNode> fresh = new ArrayList<>();
  private final String sharedCluster = newClusterName();
  private String freshCluster = "";
  private String channelPrefix = "";
  private ContractFixture fixture;
  private final Vertx vertx = Vertx.vertx();

  protected abstract ContractFixture fixture();

  @BeforeAll
  void startSharedNodes() {
    fixture = fixture();
    for (int i = 0; i < 3; i++) {
      shared.add(start(sharedCluster));
    }
  }

  @BeforeEach
  void takeNames(TestInfo test) {
    channelPrefix = test.getDisplayName().replaceAll("\\W", "");
    freshCluster = newClusterName();
  }

  @AfterEach
  void closeFreshNodesAndCheckTheRules() {
    fresh.forEach(each -> await(each.node().close()));
    for (TestNode each : fresh) {
      assertThat(each.heard().violations()).isEmpty();
    }
    for (TestNode each : shared) {
      assertThat(each.heard().violations()).isEmpty();
    }
    fresh.clear();
  }

  @AfterAll
  void closeSharedNodes() {
    shared.forEach(each -> await(each.node().close()));
    fixture.close();
    await(vertx.close());
  }

  protected final Vertx vertx() {
    return vertx;
  }

  /** One of three nodes that live as long as the suite: 0, 1 or 2. */
  protected final TestNode node(int index) {
    return shared.get(index);
  }

  protected final List<TestNode> nodes() {
    return List.copyOf(shared);
  }

  /** Starts {@code size} nodes for this test alone; more calls enlarge the same cluster. */
  protected final List<TestNode> freshCluster(int size) {
    List<TestNode> started = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      TestNode node = start(freshCluster);
      fresh.add(node);
      started.add(node);
    }
    return started;
  }

  /** Starts a service beside the {@linkplain #freshCluster fresh nodes}. */
  protected final TestNode freshService() {
    TestNode service = new TestNode(fixture.createService(vertx, freshCluster));
    await(service.start());
    fresh.add(service);
    return service;
  }

  protected final BackplaneNode unstartedNode() {
    return fixture.createNode(vertx, freshCluster, MEMBERS_PER_CHANNEL);
  }

  protected final void crash(TestNode node) {
    fresh.remove(node);
    fixture.crash(node.node());
  }

  /** A channel of this test alone. */
  protected final String channel(String name) {
    return channelPrefix + ":" + name;
  }

  protected static ClientInfo client(String id) {
    return new ClientInfo(id, "user-of-" + id, null, null);
  }

  /** Also for calls that the backplane refuses at first. */
  protected static void eventually(ThrowingRunnable assertion) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .ignoreExceptionsInstanceOf(BackplaneException.class)
        .untilAsserted(assertion);
  }

  /**
   * Waits until what was published before this call would have reached {@code node}: sends
   * something after it, by the same way.
   */
  protected final void settle(TestNode from, TestNode node) {
    String fence = channel("fence-" + node.cluster().nodeId());
    StreamPosition joined = node.join(fence, StreamPolicy.NO_HISTORY);
    long offset = from.publish(fence, "fence", StreamPolicy.NO_HISTORY).position().offset();
    assertThat(offset).isGreaterThan(joined.offset());
    eventually(() -> assertThat(node.heard().offsets(fence)).contains(offset));
  }

  private TestNode start(String cluster) {
    TestNode node = new TestNode(fixture.createNode(vertx, cluster, MEMBERS_PER_CHANNEL));
    await(node.start());
    return node;
  }

  private static String newClusterName() {
    return "contract-" + ProcessHandle.current().pid() + "-" + CLUSTERS.incrementAndGet();
  }
}
