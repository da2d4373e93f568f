package io.tidegate.backplane.local;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.RecordingListener;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only this implementation can show: time turned by hand, and its own bounds. */
final class LocalStoreTest {
  private static final Duration TTL = Duration.ofMinutes(1);
  private static final StreamPolicy KEEP = new StreamPolicy(10, TTL);
  private static final Duration UNUSED = TTL.plus(Backplane.POSITION_MARGIN);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong();
  private final RecordingListener heard = new RecordingListener();
  // An hour of the manual clock: the tick does not get in the way of tests that sweep themselves.
  private final LocalStore store = newStore(5, 4, Duration.ofHours(1));
  private final LocalNode node = newNode("n1", store);

  @BeforeEach
  void start() {
    await(node.start(heard, command -> Future.succeededFuture(Payload.EMPTY)));
  }

  @AfterEach
  void close() {
    await(node.close());
    await(vertx.close());
    assertThat(heard.violations()).isEmpty();
  }

  @Test
  void publicationsAreDatedByTheClock() {
    publish("c");
    assertThat(history("c").publications().get(0).timeMillis()).isEqualTo(1_000);
  }

  @Test
  void unusedChannelIsDroppedOnceNoPositionCanComeBack() {
    StreamPosition before = publish("c");
    pass(UNUSED.minusNanos(1));
    store.sweep();
    assertThat(store.size()).isEqualTo(1);
    pass(Duration.ofNanos(1));
    store.sweep();
    assertThat(store.size()).isZero();
    assertThat(publish("c").epoch()).isNotEqualTo(before.epoch());
  }

  @Test
  void readingAPositionKeepsItValidForAsLongAgain() {
    publish("c");
    pass(UNUSED.minusNanos(1));
    StreamPosition read = history("c").top();
    pass(UNUSED.minusNanos(1));
    store.sweep();
    assertThat(publish("c")).isEqualTo(new StreamPosition(read.epoch(), 2));
  }

  @Test
  void joinedChannelAndChannelWithMembersAreNeverDropped() {
    StreamPosition joined = await(node.backplane().join("joined", KEEP));
    assertThat(history("members").top().offset()).isZero();
    await(node.presence().add("members", client("a"), false));
    pass(UNUSED.multipliedBy(3));
    store.sweep();
    assertThat(store.size()).isEqualTo(2);
    assertThat(history("joined").top()).isEqualTo(joined);

    await(node.backplane().leave("joined"));
    await(node.presence().remove("members", "a"));
    pass(UNUSED.minusNanos(1));
    store.sweep();
    assertThat(store.size()).isEqualTo(2);
    pass(Duration.ofNanos(1));
    store.sweep();
    assertThat(store.size()).isZero();
  }

  @Test
  void sweepFreesTheHistoryOfAQuietChannel() {
    publish("c");
    pass(TTL);
    store.sweep();
    pass(TTL.negated());
    assertThat(history("c").publications()).isEmpty();
  }

  @Test
  void askingForMembersMakesNoChannel() {
    assertThat(await(node.presence().members("c"))).isEmpty();
    await(node.presence().remove("c", "a"));
    await(node.backplane().leave("c"));
    assertThat(store.size()).isZero();
  }

  @Test
  void oneChannelTooManyIsRefused() {
    List.of("1", "2", "3", "4", "5").forEach(this::publish);
    assertThat(failureOf(publishing("6"))).isEqualTo(Reason.LIMIT);
    assertThat(failureOf(node.backplane().join("6", KEEP))).isEqualTo(Reason.LIMIT);
    assertThat(publish("5").offset()).isEqualTo(2);
  }

  @Test
  void listenerThatStandsStillMakesPublishingFailAndLosesNothing() {
    CountDownLatch mayGoOn = new CountDownLatch(1);
    CountDownLatch standing = new CountDownLatch(1);
    heard.onEvent(
        "c",
        event -> {
          standing.countDown();
          try {
            mayGoOn.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    await(node.backplane().join("c", KEEP));
    publish("c");
    await().until(() -> standing.getCount() == 0);
    int accepted = 1;
    while (publishing("c").succeeded()) {
      accepted++;
    }
    assertThat(accepted).isEqualTo(4);
    assertThat(failureOf(publishing("c"))).isEqualTo(Reason.OVERLOADED);
    assertThat(publish("another").offset()).isEqualTo(1);
    mayGoOn.countDown();
    await().until(() -> heard.offsets("c").size() == 4);
    assertThat(heard.offsets("c")).containsExactly(1L, 2L, 3L, 4L);
    assertThat(history("c").top().offset()).isEqualTo(4);
  }

  @Test
  void listenerThatThrowsHearsTheRest() {
    heard.onEvent(
        "c",
        event -> {
          if (heard.offsets("c").size() == 1) {
            throw new IllegalStateException("thrown on purpose");
          }
        });
    await(node.backplane().join("c", KEEP));
    publish("c");
    publish("c");
    await().until(() -> heard.offsets("c").size() == 2);
  }

  @Test
  void nodeThatLostItsLeaseHasNoPresenceUntilItsSessionsAreClosed() {
    LocalStore quick = newStore(5, 100, Duration.ofMillis(250));
    LocalNode frozen = newNode("frozen", quick);
    RecordingListener itsListener = new RecordingListener();
    Promise<Void> sessionsClosed = Promise.promise();
    itsListener.onLeaseLost(sessionsClosed::future);
    await(frozen.start(itsListener, command -> Future.succeededFuture(Payload.EMPTY)));
    await(frozen.backplane().join("c", KEEP));
    await(frozen.presence().add("c", client("a"), true));

    // What another node's ticks do while this one stands still.
    List<Lease> leases = quick.leases().live();
    leases.forEach(quick.leases()::giveBack);
    leases.forEach(lease -> assertThat(quick.removePresence(lease)).isEqualTo(1));

    await().until(() -> itsListener.leasesLost() == 1);
    assertThat(failureOf(frozen.presence().add("c", client("b"), true))).isEqualTo(Reason.CLOSED);
    assertThat(failureOf(frozen.presence().members("c"))).isEqualTo(Reason.CLOSED);
    await().until(() -> itsListener.moves("c").equals(List.of("+a", "-a")));
    sessionsClosed.complete();
    await().until(() -> frozen.presence().members("c").succeeded());
    await(frozen.presence().add("c", client("a"), true));
    await().until(() -> itsListener.moves("c").equals(List.of("+a", "-a", "+a")));
    assertThat(await(frozen.cluster().nodes())).hasSize(1);
    assertThat(itsListener.leasesLost()).isEqualTo(1);
    await(frozen.close());
  }

  @Test
  void nodeStartsOnceOnlyAndNotAfterItsClose() {
    assertThatThrownBy(() -> startAgain(node)).isInstanceOf(IllegalStateException.class);
    LocalNode closed = newNode("closed", store);
    await(closed.close());
    assertThat(failureOf(startAgain(closed))).isEqualTo(Reason.CLOSED);
  }

  private Future<Void> startAgain(LocalNode started) {
    return started.start(heard, command -> Future.succeededFuture(Payload.EMPTY));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @CanIgnoreReturnValue
  private StreamPosition publish(String channel) {
    return await(publishing(channel).map(result -> result.position()));
  }

  private Future<PublishResult> publishing(String channel) {
    return node.backplane().publish(PublishRequest.of(channel, Payload.EMPTY, KEEP));
  }

  private HistoryPage history(String channel) {
    return await(
        node.backplane().history(channel, KEEP, new HistoryQuery(null, HistoryQuery.ALL, false)));
  }

  private LocalNode newNode(String id, LocalStore in) {
    return new LocalNode(vertx, new NodeInfo(id, id, "1.0", 1), in, BackplaneMetrics.NONE);
  }

  private LocalStore newStore(int channels, int pendingEvents, Duration leaseTimeout) {
    var settings =
        new LocalSettings(channels, 10, pendingEvents, leaseTimeout, Duration.ofSeconds(1));
    Clock clock = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);
    return new LocalStore(settings, clock, nanos::get, new SecureRandom());
  }

  private static ClientInfo client(String id) {
    return new ClientInfo(id, "user", null, null);
  }
}
