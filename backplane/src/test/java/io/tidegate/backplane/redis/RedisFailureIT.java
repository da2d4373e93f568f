package io.tidegate.backplane.redis;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.awaitAll;
import static io.tidegate.backplane.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.InboxPolicy;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.RecordingListener;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.ServiceInbox.Consumption;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a node does when the server is gone, comes back, forgets, or stands still. */
final class RedisFailureIT extends RedisServerSuite {
  /** A channel knows these many for sure; what was sent twice is undecided above it. */
  private static final int KNOWN_KEYS = 250;

  @Test
  void killedConnectionsCostNothing() {
    Node publisher = start();
    Node listening = start();
    await(listening.node.backplane().join(CHANNEL, KEEP));
    List<Future<PublishResult>> results = new ArrayList<>();
    for (int i = 0; i < KNOWN_KEYS; i++) {
      results.add(publisher.publish("p" + i, "key-" + i));
      if (i % 50 == 25) {
        server.command("CLIENT KILL TYPE normal SKIPME yes");
        server.command("CLIENT KILL TYPE pubsub");
      }
    }
    results.forEach(result -> assertThat(await(result).position().offset()).isPositive());
    eventually(
        () ->
            assertThat(listening.heard.offsets(CHANNEL))
                .isEqualTo(LongStream.rangeClosed(1, KNOWN_KEYS).boxed().toList()));
    assertThat(listening.heard.violations()).isEmpty();
  }

  @Test
  void removalIsDoneThoughTheConnectionIsKilledUnderIt() {
    Node publisher = start();
    Node remover = start();
    List<Future<PublishResult>> results = new ArrayList<>();
    List<Future<Void>> removals = new ArrayList<>();
    for (int i = 1; i <= KNOWN_KEYS; i++) {
      results.add(publisher.publish("p" + i, "key-" + i));
      removals.add(remover.node.backplane().removeHistory(CHANNEL, KEEP));
      if (i % 50 == 0) {
        server.command("CLIENT KILL TYPE normal SKIPME yes");
      }
    }
    awaitAll(removals);
    awaitAll(results);
    var query = new HistoryQuery(null, HistoryQuery.ALL, false);
    var page = await(publisher.node.backplane().history(CHANNEL, KEEP, query));
    assertThat(page.top().offset()).isEqualTo(KNOWN_KEYS);
    long kept = page.publications().size();
    assertThat(page.publications())
        .extracting(Publication::offset)
        .isEqualTo(LongStream.rangeClosed(KNOWN_KEYS + 1 - kept, KNOWN_KEYS).boxed().toList());
    await(remover.node.backplane().removeHistory(CHANNEL, KEEP));
    page = await(publisher.node.backplane().history(CHANNEL, KEEP, query));
    assertThat(page.publications()).isEmpty();
    assertThat(await(publisher.publish("again", "key-" + KNOWN_KEYS)).position().offset())
        .isEqualTo(KNOWN_KEYS);
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
  void lettersWhoseSequencesAreGivenOutAgainAreNotTakenForOthers() {
    Node node = start();
    ServiceInbox inbox = node.node.inbox();
    var policy = new InboxPolicy(ServiceInbox.SHARDS);
    List<String> handled = new CopyOnWriteArrayList<>();
    Promise<ServiceAnswer> forgotten = Promise.promise();
    Promise<ServiceAnswer> held = Promise.promise();
    await(inbox.append("jobs", policy, message("forgotten")));
    Consumption first = consume(inbox, handled, forgotten);
    eventually(() -> assertThat(handled).containsExactly("forgotten"));
    String shard = "test:{inbox:jobs:" + message("any").shard() + "}:";
    server.command("DEL " + shard + "state " + shard + "letters " + shard + "marks");
    await(inbox.append("jobs", policy, message("held")));
    Consumption second = consume(inbox, handled, held);
    eventually(() -> assertThat(handled).containsExactly("forgotten", "held"));

    Future<Void> closed = first.close();
    forgotten.complete(ServiceAnswer.NONE);
    await(closed);
    assertThat(server.command("XLEN " + shard + "letters")).startsWith(":1");
    closed = second.close();
    held.complete(ServiceAnswer.NONE);
    await(closed);
    assertThat(server.command("XLEN " + shard + "letters")).startsWith(":0");
  }

  private static Consumption consume(
      ServiceInbox inbox, List<String> handled, Promise<ServiceAnswer> answer) {
    var settings = new ConsumerSettings("jobs", "jobs", 1, Duration.ofSeconds(30));
    return await(
        inbox.consume(
            settings,
            delivery -> {
              handled.add(delivery.message().id());
              return answer.future();
            }));
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
    eventually(
        () -> assertThat(replica.command("HGET test:{news}:state offset")).startsWith("$1\r\n1"));
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
  void goneServerFailsCallsAsUnavailableInBoundedTime() {
    Node node = start();
    await(node.publish("a", null));
    server.kill();
    // It may be on its way when the connection breaks.
    assertThat(failureOf(node.publish("b", "k"))).isIn(Reason.INDETERMINATE, Reason.UNAVAILABLE);
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

  @Test
  void outageThatIsLongerThanAnyCallIsOverWhenItIsOver() {
    Node node = start();
    Node other = start();
    await(other.node.backplane().join(CHANNEL, KEEP));
    await(node.node.presence().add(CHANNEL, client("a"), true));
    await(node.node.presence().add(CHANNEL, client("b"), true));
    server.kill();
    assertThat(failureOf(node.node.presence().remove(CHANNEL, "a"))).isNotNull();
    assertThat(failureOf(node.node.presence().add(CHANNEL, client("c"), true))).isNotNull();
    server.restart();

    eventually(() -> assertThat(await(node.publish("back", "k")).position().offset()).isEqualTo(1));
    eventually(
        () -> assertThat(await(other.node.presence().members(CHANNEL))).containsOnlyKeys("b"));
    eventually(() -> assertThat(other.heard.texts(CHANNEL)).containsExactly("back"));
    assertThat(node.heard.leasesLost()).isZero();
    assertThat(other.heard.leasesLost()).isZero();
  }

  @Test
  void manyQuietChannelsAreComparedSoonAfterTheServerStoodStill() {
    Node node = start();
    Node other = start();
    List<String> channels = IntStream.range(0, 2_000).mapToObj(i -> "quiet-" + i).toList();
    awaitAll(channels.stream().map(each -> node.node.backplane().join(each, KEEP)).toList());
    server.signal("STOP");
    assertThat(failureOf(other.publishTo(channels.get(0)))).isNotNull();
    server.signal("CONT");
    server.command("CLIENT KILL TYPE pubsub");
    eventually(
        () -> {
          for (List<String> some :
              List.of(channels.subList(0, 1_000), channels.subList(1_000, 2_000))) {
            awaitAll(some.stream().map(other::publishTo).toList());
          }
        });
    eventually(
        () ->
            assertThat(channels)
                .allSatisfy(channel -> assertThat(node.heard.publications(channel)).isNotEmpty()));
    assertThat(node.heard.violations()).isEmpty();
  }

  @Test
  void nodeThatClosesRightAfterAnAddLeavesNobody() {
    for (int i = 0; i < 20; i++) {
      Node node = new Node(server.settings("test"));
      await(node.start());
      Future<Void> add = node.node.presence().add("c" + i, client("x"), true);
      await(node.node.close());
      assertThat(add.isComplete()).isTrue();
      assertThat(server.command("EXISTS test:{c" + i + "}:presence")).startsWith(":0");
    }
  }
}
