package io.tidegate.backplane.redis;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.RecordingListener;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node does when the server is gone, comes back, forgets, refuses or stands still. */
final class RedisFailureIT {
  private static final StreamPolicy KEEP = new StreamPolicy(1_000, Duration.ofMinutes(5));
  private static final String CHANNEL = "news";

  private final Vertx vertx = Vertx.vertx();
  private final List<AutoCloseable> resources = new ArrayList<>();
  private final Queue<String> forks = new ConcurrentLinkedQueue<>();
  private RedisServer server;

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

  @Test
  void killedConnectionsCostNothing() {
    Node publisher = start();
    Node listening = start();
    await(listening.node.backplane().join(CHANNEL, KEEP));
    List<Future<PublishResult>> results = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      results.add(publisher.publish("p" + i, "key-" + i));
      if (i % 100 == 50) {
        server.command("CLIENT KILL TYPE normal SKIPME yes");
        server.command("CLIENT KILL TYPE pubsub");
      }
    }
    results.forEach(result -> assertThat(await(result).position().offset()).isPositive());
    eventually(
        () ->
            assertThat(listening.heard.offsets(CHANNEL))
                .isEqualTo(LongStream.rangeClosed(1, 500).boxed().toList()));
    assertThat(listening.heard.violations()).isEmpty();
  }

  @Test
  void quietChannelIsRefilledAfterItsLinkBroke() {
    Node publisher = start();
    Node listening = start();
    await(listening.node.backplane().join(CHANNEL, KEEP));
    server.command("CLIENT KILL TYPE pubsub");
    await(publisher.publish("missed", null));
    eventually(() -> assertThat(listening.heard.texts(CHANNEL)).containsExactly("missed"));
    assertThat(listening.heard.violations()).isEmpty();
  }

  @Test
  void forgottenScriptsAreLoadedAgainInOrder() {
    Node node = start();
    await(node.publish("0", null));
    server.command("SCRIPT FLUSH");
    List<Future<PublishResult>> results = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      results.add(node.publish(Integer.toString(i), null));
    }
    for (int i = 1; i <= 50; i++) {
      assertThat(await(results.get(i - 1)).position().offset()).isEqualTo(i + 1);
    }
  }

  @Test
  void restartedServerForksAndPositionsContinue() {
    Node node = start();
    Node other = start();
    StreamPosition start = await(node.node.backplane().join(CHANNEL, KEEP));
    StreamPosition first = await(other.publish("a", null)).position();
    eventually(() -> assertThat(node.heard.texts(CHANNEL)).containsExactly("a"));
    await(node.node.presence().add(CHANNEL, client("c"), true));
    server.kill();
    server.restart();

    eventually(
        () ->
            assertThat(node.heard.events(CHANNEL))
                .anyMatch(
                    event ->
                        event instanceof RecordingListener.Gap gap
                            && gap.cause() == GapCause.FORK
                            && gap.resumed().offset() == 1
                            && !gap.resumed().epoch().equals(start.epoch())));
    eventually(() -> assertThat(await(other.publish("b", "k")).position().offset()).isEqualTo(2));
    eventually(() -> assertThat(node.heard.texts(CHANNEL)).containsExactly("a", "b"));
    var page = await(node.node.backplane().history(CHANNEL, KEEP, HistoryQuery.after(first, 10)));
    assertThat(page.continuity()).isEqualTo(Continuity.CONTINUOUS);
    assertThat(page.publications()).extracting(p -> p.data().text()).containsExactly("b");
    assertThat(forks).containsOnly("restarted");
    assertThat(await(other.node.presence().members(CHANNEL))).containsOnlyKeys("c");
    assertThat(node.heard.leasesLost()).isZero();
    assertThat(node.heard.violations()).isEmpty();
  }

  @Test
  void serverThatLostEverythingIsToldAndPresenceIsPutBack() {
    Node node = start();
    await(node.node.backplane().join(CHANNEL, KEEP));
    StreamPosition last = await(node.publish("a", null)).position();
    await(node.node.presence().add(CHANNEL, client("c"), true));
    eventually(() -> assertThat(node.heard.texts(CHANNEL)).containsExactly("a"));
    server.kill();
    server.deleteData();
    server.restart();

    eventually(
        () ->
            assertThat(node.heard.events(CHANNEL))
                .anyMatch(
                    event ->
                        event instanceof RecordingListener.Gap gap
                            && gap.cause() == GapCause.LOST));
    eventually(
        () -> assertThat(await(node.node.presence().members(CHANNEL))).containsOnlyKeys("c"));
    var page = await(node.node.backplane().history(CHANNEL, KEEP, HistoryQuery.after(last, 10)));
    assertThat(page.continuity()).isEqualTo(Continuity.FOREIGN);
    assertThat(node.heard.leasesLost()).isZero();
    assertThat(await(node.node.cluster().nodes())).hasSize(1);
  }

  @Test
  void promotedReplicaThatIsBehindIsHonest() {
    RedisServer replica = keep(RedisServer.start());
    // A server takes a new replication id with its first replica.
    replica.command("REPLICAOF 127.0.0.1 " + server.port());
    eventually(
        () -> assertThat(replica.command("INFO replication")).contains("master_link_status:up"));
    Node node = start();
    await(node.node.backplane().join(CHANNEL, KEEP));
    StreamPosition common = await(node.publish("common", null)).position();
    server.command("WAIT 1 5000");
    replica.command("REPLICAOF NO ONE");
    StreamPosition lost = await(node.publish("lost", null)).position();

    Node there = start(replica.settings("test"));
    var onCommon =
        await(there.node.backplane().history(CHANNEL, KEEP, HistoryQuery.after(common, 10)));
    assertThat(onCommon.continuity()).isEqualTo(Continuity.CONTINUOUS);
    var onLost = await(there.node.backplane().history(CHANNEL, KEEP, HistoryQuery.after(lost, 10)));
    assertThat(onLost.continuity()).isEqualTo(Continuity.FOREIGN);
    assertThat(forks).containsExactly("promoted");
  }

  @Test
  void serverThatBecameAReplicaIsLeftForOneThatCanWrite() {
    Node node = start();
    server.command("REPLICAOF 127.0.0.1 1");
    assertThat(failureOf(node.publish("a", null))).isEqualTo(Reason.UNAVAILABLE);
    server.command("REPLICAOF NO ONE");
    eventually(() -> assertThat(await(node.publish("a", "k")).position().offset()).isEqualTo(1));
  }

  @Test
  void goneServerFailsCallsAsUnavailableInBoundedTime() {
    Node node = start();
    await(node.publish("a", null));
    server.kill();
    assertThat(failureOf(node.publish("b", "k"))).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failureOf(node.node.backplane().join("other", KEEP))).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failureOf(node.node.presence().members(CHANNEL))).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failureOf(node.node.cluster().nodes())).isEqualTo(Reason.UNAVAILABLE);
    await(node.node.close());
  }

  @Test
  void serverThatStandsStillLeavesWhatItGotUndecided() {
    Node node = start();
    await(node.publish("a", null));
    server.signal("STOP");
    assertThat(failureOf(node.publish("b", null))).isIn(Reason.INDETERMINATE, Reason.UNAVAILABLE);
    server.signal("CONT");
    eventually(() -> assertThat(await(node.publish("c", "k")).position().offset()).isPositive());
    assertThat(node.heard.leasesLost()).isZero();
  }

  @Test
  void keyOfAnotherTypeFailsItsChannelOnly() {
    Node node = start();
    for (String key : List.of("state", "history")) {
      await(node.publishTo(key));
      server.command("SET test:{" + key + "}:" + key + " x");
      assertThat(failureOf(node.publishTo(key))).isEqualTo(Reason.UNAVAILABLE);
    }
    server.command("DEL test:{history}:history");
    assertThat(await(node.publishTo("history")).position().offset()).isEqualTo(2);
    assertThat(await(node.publishTo("fine")).position().offset()).isEqualTo(1);
  }

  @Test
  void fullServerRefusesAndAppendsNothing() {
    Node node = start();
    await(node.publish("a", null));
    server.command("CONFIG SET maxmemory 1");
    assertThat(failureOf(node.publish("b", null))).isEqualTo(Reason.UNAVAILABLE);
    server.command("CONFIG SET maxmemory 0");
    assertThat(await(node.publish("c", null)).position().offset()).isEqualTo(2);
  }

  @Test
  void killedScriptDidNothingAndIsTriedAgain() throws InterruptedException {
    Node node = start();
    await(node.publish("a", null));
    var looping =
        new Thread(() -> server.command("EVAL \"while true do end\" 0"), "looping-script");
    server.command("CONFIG SET lua-time-limit 100");
    looping.start();
    eventually(() -> assertThat(server.command("PING")).startsWith("-BUSY"));
    Future<PublishResult> publish = node.publish("b", "k");
    server.command("SCRIPT KILL");
    looping.join();
    eventually(() -> assertThat(await(node.publish("b", "k")).position().offset()).isEqualTo(2));
    assertThat(publish.succeeded() ? publish.result().position().offset() : 2).isEqualTo(2);
  }

  @Test
  void wrongPasswordAndWrongDatabaseFailTheStartAtOnce() {
    server.command("CONFIG SET requirepass right");
    for (String uri :
        List.of(
            "redis://127.0.0.1:" + server.port(),
            "redis://:wrong@127.0.0.1:" + server.port(),
            "redis://:right@127.0.0.1:" + server.port() + "/999")) {
      Node node = new Node(RedisSettings.of(uri, "test"));
      Future<Void> start = node.start();
      assertThat(failureOf(start)).isEqualTo(Reason.UNAVAILABLE);
      assertThat(start.cause())
          .hasMessageContaining("127.0.0.1:" + server.port())
          .hasMessageMatching("(?s).*(NOAUTH|WRONGPASS|DB index).*")
          .hasMessageNotContaining("right@");
      await(node.node.close());
    }
    Node fine = start(RedisSettings.of("redis://:right@127.0.0.1:" + server.port() + "/3", "test"));
    assertThat(await(fine.publish("a", null)).position().offset()).isEqualTo(1);
  }

  @Test
  void userWithTheDocumentedRightsSuffices() {
    server.command(
        "ACL SETUSER gateway on >secret ~test:* &test:* &test/2:* -@all"
            + " +evalsha +script|load +info +select +hset +hget +hgetall +hmget +hvals +hlen +hdel"
            + " +hexists +del +pexpire +time +xadd +xlen +xtrim +xrange +xrevrange +zadd +zscore"
            + " +zcard +zrange +zrem +sadd +srem +sscan +publish +subscribe +unsubscribe");
    String uri = "redis://gateway:secret@127.0.0.1:" + server.port() + "/2";
    Node node = start(RedisSettings.of(uri, "test"));
    await(node.node.backplane().join(CHANNEL, KEEP));
    await(node.publish("a", "k"));
    await(node.node.presence().add(CHANNEL, client("c"), true));
    assertThat(await(node.node.presence().stats(CHANNEL)).users()).isEqualTo(1);
    await(node.node.presence().remove(CHANNEL, "c"));
    eventually(() -> assertThat(node.heard.moves(CHANNEL)).containsExactly("+c", "-c"));
    assertThat(node.heard.texts(CHANNEL)).containsExactly("a");
  }

  @Test
  void serverThatComesLateIsWaitedFor() {
    server.kill();
    Node node = keep(new Node(server.settings("test")));
    Future<Void> start = node.start();
    server.restart();
    await(start);
    assertThat(await(node.publish("a", null)).position().offset()).isEqualTo(1);
  }

  @Test
  void frozenNodeIsGivenUpAndLearnsIt() {
    Node survivor = start();
    Node frozen = start();
    await(survivor.node.backplane().join(CHANNEL, KEEP));
    await(frozen.node.presence().add(CHANNEL, client("c"), true));
    eventually(() -> assertThat(survivor.heard.moves(CHANNEL)).containsExactly("+c"));
    String lease = server.command("HGET test:{nodes}:leases " + frozen.node.cluster().nodeId());
    String owner =
        frozen.node.cluster().nodeId() + "/" + lease.split("\r\n", -1)[1].split(" ", -1)[0];
    // What the others do when it does not renew.
    server.command("HDEL test:{nodes}:leases " + frozen.node.cluster().nodeId());
    server.command("HSET test:{nodes}:ended " + owner + " 0");

    eventually(() -> assertThat(frozen.heard.leasesLost()).isEqualTo(1));
    eventually(() -> assertThat(survivor.heard.moves(CHANNEL)).containsExactly("+c", "-c"));
    eventually(() -> await(frozen.node.presence().add(CHANNEL, client("d"), true)));
    assertThat(await(survivor.node.presence().members(CHANNEL))).containsOnlyKeys("d");
    assertThat(await(survivor.node.cluster().nodes())).hasSize(2);
  }

  private final class Node implements AutoCloseable {
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

  private Node start() {
    return start(server.settings("test"));
  }

  @CanIgnoreReturnValue
  private Node start(RedisSettings settings) {
    Node node = keep(new Node(settings));
    await(node.start());
    return node;
  }

  private <T extends AutoCloseable> T keep(T resource) {
    resources.add(resource);
    return resource;
  }

  private static ClientInfo client(String id) {
    return new ClientInfo(id, "user-of-" + id, null, null);
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(io.tidegate.backplane.BackplaneException.class)
        .untilAsserted(assertion);
  }
}
