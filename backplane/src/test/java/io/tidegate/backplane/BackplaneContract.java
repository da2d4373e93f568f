package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.awaitAll;
import static io.tidegate.backplane.Futures.failureOf;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Promises 1, 2, 5 and 6 of {@link Backplane}: publishing, hearing, joining, leaving. */
public abstract class BackplaneContract extends ContractSuite {
  @Test
  void everyJoinedNodeHearsAllInOneOrderWhoeverPublishes() throws InterruptedException {
    String channel = channel("order");
    nodes().forEach(node -> node.join(channel, KEEP));
    Map<Long, String> acknowledged = publishFromAllNodesAtOnce(channel, 200);

    assertThat(acknowledged.keySet()).containsExactlyElementsOf(offsets(1, 600));
    for (TestNode node : nodes()) {
      eventually(() -> assertThat(node.heard().offsets(channel)).hasSize(600));
      assertThat(node.heard().offsets(channel)).isEqualTo(offsets(1, 600));
      assertThat(node.heard().texts(channel)).containsExactlyElementsOf(acknowledged.values());
    }
  }

  @Test
  void answeredPositionIsThatOfThePublicationHeardAndKept() {
    String channel = channel("position");
    StreamPosition start = node(1).join(channel, KEEP);
    StreamPosition first = node(0).publish(channel, "a", KEEP).position();
    StreamPosition second = node(2).publish(channel, "b", KEEP).position();

    assertThat(first).isEqualTo(new StreamPosition(start.epoch(), start.offset() + 1));
    assertThat(second).isEqualTo(new StreamPosition(start.epoch(), start.offset() + 2));
    eventually(() -> assertThat(node(1).heard().texts(channel)).containsExactly("a", "b"));
    assertThat(node(1).heard().events(channel).get(1))
        .isInstanceOfSatisfying(
            RecordingListener.Heard.class,
            heard -> assertThat(heard.epoch()).isEqualTo(start.epoch()));
    HistoryPage page = node(1).history(channel, KEEP, HistoryQuery.after(first, HistoryQuery.ALL));
    assertThat(page.publications()).isEqualTo(node(1).heard().publications(channel).subList(1, 2));
  }

  @Test
  void infoTagsAndDataTravelIntact() {
    String channel = channel("intact");
    ClientInfo info =
        new ClientInfo("c1", "ann", Payload.utf8("{\"a\":1}"), Payload.utf8("{\"b\":\"ü\"}"));
    byte[] data = new byte[512 * 1024];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 31);
    }
    Map<String, String> tags = Map.of("kind", "test", "empty", "");
    node(1).join(channel, KEEP);
    await(
        node(0)
            .backplane()
            .publish(new PublishRequest(channel, Payload.of(data), KEEP, info, tags, null)));

    eventually(() -> assertThat(node(1).heard().publications(channel)).hasSize(1));
    Publication heard = node(1).heard().publications(channel).get(0);
    assertThat(heard.data().bytes()).isEqualTo(data);
    assertThat(heard.info()).isEqualTo(info);
    assertThat(heard.tags()).isEqualTo(tags);
    HistoryPage page =
        node(2).history(channel, KEEP, new HistoryQuery(null, HistoryQuery.ALL, false));
    assertThat(page.publications()).containsExactly(heard);
  }

  @Test
  void anonymousInfoWithoutDetailsTravelsIntact() {
    String channel = channel("anonymous");
    ClientInfo info = new ClientInfo("c2", "", null, null);
    node(1).join(channel, StreamPolicy.NO_HISTORY);
    await(
        node(0)
            .backplane()
            .publish(
                new PublishRequest(
                    channel, Payload.EMPTY, StreamPolicy.NO_HISTORY, info, Map.of(), null)));
    eventually(() -> assertThat(node(1).heard().publications(channel)).hasSize(1));
    assertThat(node(1).heard().publications(channel).get(0).info()).isEqualTo(info);
    assertThat(node(1).heard().publications(channel).get(0).data()).isEqualTo(Payload.EMPTY);
  }

  @Test
  void repeatedKeyAppendsNothingAndAnswersTheFirstPosition() {
    for (StreamPolicy policy : List.of(KEEP, StreamPolicy.NO_HISTORY)) {
      String channel = channel("repeated-" + policy.historySize());
      node(1).join(channel, policy);
      PublishResult first = await(publish(node(0), channel, "k", policy));
      PublishResult between = await(publish(node(0), channel, "other", policy));
      PublishResult again = await(publish(node(0), channel, "k", policy));
      PublishResult elsewhere = await(publish(node(2), channel, "k", policy));

      assertThat(first.duplicate()).isFalse();
      assertThat(between.duplicate()).isFalse();
      assertThat(again).isEqualTo(new PublishResult(first.position(), true));
      assertThat(elsewhere).isEqualTo(new PublishResult(first.position(), true));
      node(0).publish(channel, "last", policy);
      eventually(
          () -> assertThat(node(1).heard().texts(channel)).containsExactly("k", "other", "last"));
    }
  }

  @Test
  void sameKeyFromTwoNodesAtOnceAppendsOnce() {
    List<Future<PublishResult>> results = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      node(0).join(channel("race-" + i), KEEP);
      results.add(publish(node(1), channel("race-" + i), "k", KEEP));
      results.add(publish(node(2), channel("race-" + i), "k", KEEP));
    }
    List<PublishResult> answers = awaitAll(results);
    for (int i = 0; i < 50; i++) {
      PublishResult one = answers.get(2 * i);
      PublishResult other = answers.get(2 * i + 1);
      assertThat(one.position()).isEqualTo(other.position());
      assertThat(one.duplicate()).isNotEqualTo(other.duplicate());
      String channel = channel("race-" + i);
      assertThat(node(1).publish(channel, "last", KEEP).position().offset()).isEqualTo(2);
      eventually(() -> assertThat(node(0).heard().texts(channel)).containsExactly("k", "last"));
    }
  }

  @Test
  void keyCountsInItsOwnChannelOnly() {
    assertThat(await(publish(node(0), channel("one"), "k", KEEP)).duplicate()).isFalse();
    assertThat(await(publish(node(0), channel("two"), "k", KEEP)).duplicate()).isFalse();
  }

  @Test
  void nodeThatJoinsWhileOthersPublishHearsAllAboveItsPosition() {
    int publications = 100;
    for (int round = 0; round < 20; round++) {
      String channel = channel("joining-" + round);
      List<Future<PublishResult>> results = new ArrayList<>();
      Future<StreamPosition> joined = Future.failedFuture("not asked yet");
      for (int i = 0; i < publications; i++) {
        results.add(node(i % 2).publishing(channel, "p" + i, KEEP));
        if (i == round * 5) {
          joined = node(2).backplane().join(channel, KEEP);
        }
      }
      long position = await(joined).offset();
      awaitAll(results);
      eventually(
          () ->
              assertThat(node(2).heard().offsets(channel))
                  .isEqualTo(offsets(position + 1, publications)));
    }
  }

  @Test
  void nodeHearsNothingOfChannelsThatItHasNotJoined() {
    String channel = channel("elsewhere");
    node(1).join(channel, KEEP);
    node(0).publish(channel, "a", KEEP);
    node(0).add(channel, client("c"));
    eventually(() -> assertThat(node(1).heard().events(channel)).hasSize(2));
    settle(node(0), node(0));
    settle(node(0), node(2));
    assertThat(node(0).heard().events(channel)).isEmpty();
    assertThat(node(2).heard().events(channel)).isEmpty();
  }

  @Test
  void nodeHearsNothingAfterItsLeave() {
    String channel = channel("left");
    node(1).join(channel, KEEP);
    node(2).join(channel, KEEP);
    node(0).publish(channel, "a", KEEP);
    node(1).leave(channel);
    int heard = node(1).heard().events(channel).size();
    node(0).publish(channel, "b", KEEP);
    eventually(() -> assertThat(node(2).heard().texts(channel)).containsExactly("a", "b"));
    settle(node(0), node(1));
    assertThat(node(1).heard().events(channel)).hasSize(heard);
  }

  @Test
  void leaveIsOverWhenItsFutureCompletes() {
    String channel = channel("over");
    for (int round = 0; round < 20; round++) {
      node(1).join(channel, KEEP);
      List<Future<PublishResult>> results = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        results.add(node(0).publishing(channel, "p", KEEP));
      }
      node(1).leave(channel);
      int heard = node(1).heard().events(channel).size();
      awaitAll(results);
      settle(node(0), node(1));
      assertThat(node(1).heard().events(channel)).hasSize(heard);
    }
  }

  @Test
  void nodeThatJoinsAgainGoesOnInTheSameStream() {
    String channel = channel("again");
    StreamPosition first = node(1).join(channel, KEEP);
    node(0).publish(channel, "a", KEEP);
    eventually(() -> assertThat(node(1).heard().texts(channel)).containsExactly("a"));
    node(1).leave(channel);
    node(0).publish(channel, "missed", KEEP);
    StreamPosition second = node(1).join(channel, KEEP);
    node(0).publish(channel, "b", KEEP);

    assertThat(second).isEqualTo(new StreamPosition(first.epoch(), first.offset() + 2));
    eventually(() -> assertThat(node(1).heard().texts(channel)).containsExactly("a", "b"));
  }

  @Test
  void joinAndLeaveAreIdempotent() {
    String channel = channel("idempotent");
    node(1).leave(channel);
    StreamPosition start = node(1).join(channel, KEEP);
    node(0).publish(channel, "a", KEEP);
    StreamPosition again = await(node(1).backplane().join(channel, KEEP));
    assertThat(again).isEqualTo(new StreamPosition(start.epoch(), start.offset() + 1));
    node(0).publish(channel, "b", KEEP);
    eventually(() -> assertThat(node(1).heard().texts(channel)).containsExactly("a", "b"));
    node(1).leave(channel);
    node(1).leave(channel);
    node(0).publish(channel, "c", KEEP);
    settle(node(0), node(1));
    assertThat(node(1).heard().texts(channel)).containsExactly("a", "b");
  }

  @Test
  void twoThousandChannelsJoinedAtOnceAreAllHeard() {
    List<String> channels = IntStream.range(0, 2_000).mapToObj(i -> channel("many-" + i)).toList();
    awaitAll(channels.stream().map(each -> node(1).backplane().join(each, KEEP)).toList());
    awaitAll(channels.stream().map(each -> node(0).publishing(each, "x", KEEP)).toList());
    eventually(
        () ->
            assertThat(channels)
                .allSatisfy(each -> assertThat(node(1).heard().texts(each)).containsExactly("x")));
    awaitAll(channels.stream().map(each -> node(1).backplane().leave(each)).toList());
  }

  @Test
  void listenerMayPublishFromInsideACall() {
    String channel = channel("echo");
    List<Future<PublishResult>> echoes = new ArrayList<>();
    node(1)
        .heard()
        .onEvent(
            channel,
            event -> {
              if (echoes.size() < 10) {
                echoes.add(node(1).publishing(channel, "echo-" + echoes.size(), KEEP));
              }
            });
    node(1).join(channel, KEEP);
    node(0).publish(channel, "call", KEEP);
    eventually(() -> assertThat(node(1).heard().offsets(channel)).isEqualTo(offsets(1, 11)));
    awaitAll(echoes);
  }

  @Test
  void futuresCompleteOnTheContextTheyWereAskedOn() {
    String channel = channel("context");
    TestNode node = node(0);
    // Late, so that the asker is certainly waiting when the last answer comes in on another thread.
    node(1).onCommand(command -> vertx().timer(50, MILLISECONDS).map(Payload.EMPTY));
    List<Supplier<Future<?>>> calls =
        List.of(
            () -> node.backplane().join(channel, KEEP),
            () -> node.publishing(channel, "a", KEEP),
            () -> node.backplane().history(channel, KEEP, HistoryQuery.positionOnly()),
            () -> node.presence().add(channel, client("c"), true),
            () -> node.presence().members(channel),
            () -> node.presence().stats(channel),
            () -> node.presence().remove(channel, "c"),
            () -> node.backplane().leave(channel),
            () -> node.cluster().nodes(),
            () -> node.cluster().ask(new NodeCommand("any", Payload.EMPTY)));
    for (Supplier<Future<?>> call : calls) {
      Context context = vertx().getOrCreateContext();
      Promise<Context> completedOn = Promise.promise();
      context.runOnContext(
          v -> call.get().onComplete(result -> completedOn.complete(Vertx.currentContext())));
      assertThat(await(completedOn.future())).isSameAs(context);
    }
  }

  @Test
  void nodeThatIsNotStartedOrIsClosedAnswersClosed() {
    TestNode survivor = freshCluster(1).get(0);
    TestNode closed = freshCluster(1).get(0);
    String channel = channel("closed");
    StreamPosition before = closed.publish(channel, "a", KEEP).position();
    await(closed.node().close());
    await(closed.node().close());

    for (BackplaneNode node : List.of(closed.node(), unstartedNode())) {
      assertThat(callsOn(node, channel))
          .allSatisfy(call -> assertThat(failureOf(call)).isEqualTo(Reason.CLOSED));
    }
    HistoryPage page =
        survivor.history(channel, KEEP, new HistoryQuery(null, HistoryQuery.ALL, false));
    assertThat(page.top()).isEqualTo(before);
    assertThat(page.publications()).hasSize(1);
  }

  private static List<Future<?>> callsOn(BackplaneNode node, String channel) {
    return List.of(
        node.backplane().publish(PublishRequest.of(channel, Payload.EMPTY, KEEP)),
        node.backplane().join(channel, KEEP),
        node.backplane().leave(channel),
        node.backplane().history(channel, KEEP, HistoryQuery.positionOnly()),
        node.presence().add(channel, client("c"), true),
        node.presence().remove(channel, "c"),
        node.presence().members(channel),
        node.presence().stats(channel),
        node.cluster().nodes(),
        node.cluster().ask(new NodeCommand("any", Payload.EMPTY)));
  }

  /** Three threads, one on each node; answers the texts by the offsets acknowledged. */
  private Map<Long, String> publishFromAllNodesAtOnce(String channel, int each)
      throws InterruptedException {
    Map<Long, String> acknowledged = new TreeMap<>();
    List<Thread> threads = new ArrayList<>();
    for (TestNode node : nodes()) {
      Thread thread = new Thread(() -> publish(node, channel, each, acknowledged));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return acknowledged;
  }

  private static void publish(TestNode node, String channel, int count, Map<Long, String> into) {
    List<String> texts =
        IntStream.range(0, count).mapToObj(i -> node.cluster().nodeId() + "-" + i).toList();
    List<Future<PublishResult>> results =
        texts.stream().map(text -> node.publishing(channel, text, KEEP)).toList();
    List<PublishResult> answers = awaitAll(results);
    synchronized (into) {
      for (int i = 0; i < count; i++) {
        into.put(answers.get(i).position().offset(), texts.get(i));
      }
    }
  }

  private static Future<PublishResult> publish(
      TestNode node, String channel, String key, StreamPolicy policy) {
    return node.backplane()
        .publish(new PublishRequest(channel, Payload.utf8(key), policy, null, Map.of(), key));
  }

  private static List<Long> offsets(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }
}
