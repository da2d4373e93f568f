package io.tidegate.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.Compression;
import io.tidegate.gateway.protocol.FrameWriter;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.protocol.Push;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.Loop;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From the backplane's calls to what subscribers hear, in every order that may happen. */
final class HubTest {
  private static final StreamPolicy POLICY = StreamPolicy.NO_HISTORY;
  private static final int EVENTS = 4;

  private final Loop loop = new Loop();
  private final HeldBackplane backplane = new HeldBackplane();
  private final Hub hub =
      new Hub(backplane, (channel, p) -> new Push.Published(channel, p, true, true));
  private final HubShard shard =
      loop.call(
          () ->
              new HubShard(
                  hub,
                  loop.context(),
                  new ShardBounds(EVENTS, 1 << 20),
                  new FrameWriter(Compression.OFF),
                  Duration.ZERO,
                  new Unobserved()));

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void subscriberHearsEverythingAboveItsPositionOnce() {
    var heard = new Recorder();
    Future<StreamPosition> position = subscribe(heard);
    loop.run(
        () -> {
          publish(4, 6);
          backplane.joins.get(0).complete(at(5));
          publish(7, 7);
        });
    loop.until(() -> heard.events.size() == 2);
    assertThat(heard.events).containsExactly("6", "7");
    assertThat(position.result()).isEqualTo(at(5));
  }

  @Test
  void laterSubscriberOfTheLoopStartsWhereTheLoopIs() {
    subscribed(new Recorder());
    var later = new Recorder();
    loop.run(() -> publish(1, 3));
    loop.until(() -> shard.position("news").offset() == 3);
    assertThat(subscribe(later).result()).isEqualTo(at(3));
    loop.run(() -> publish(4, 4));
    loop.until(() -> later.events.equals(List.of("4")));
    assertThat(backplane.asked).containsExactly("join news");
  }

  @Test
  void tooMuchBeforeTheAnswerOfAJoinIsAGapAtTheLastPublication() {
    var heard = new Recorder();
    Future<StreamPosition> position = subscribe(heard);
    loop.run(
        () -> {
          publish(1, 3);
          joins(1_100);
          backplane.joins.get(0).complete(at(0));
        });
    loop.until(() -> !heard.events.isEmpty());
    assertThat(position.result()).isEqualTo(at(0));
    assertThat(heard.events).containsExactly("gap 3 OVERLOAD");
    assertThat(loop.call(() -> shard.position("news"))).isEqualTo(at(3));
  }

  @Test
  void onlyJoinsAndLeavesTooManyLeaveThePositionOfTheJoin() {
    var heard = new Recorder();
    var unused = subscribe(heard);
    loop.run(
        () -> {
          joins(1_100);
          backplane.joins.get(0).complete(at(9));
          publish(10, 10);
        });
    loop.until(() -> heard.events.size() == 2);
    assertThat(heard.events).containsExactly("gap 9 OVERLOAD", "10");
  }

  @Test
  void gapBeforeTheAnswerOfAJoinIsToldAfterIt() {
    var heard = new Recorder();
    var unused = subscribe(heard);
    loop.run(
        () -> {
          publish(1, 1);
          hub.discontinued("news", at(7), GapCause.TRIMMED);
          publish(8, 8);
          backplane.joins.get(0).complete(at(0));
          publish(9, 9);
        });
    loop.until(() -> heard.events.size() == 2);
    assertThat(heard.events).containsExactly("gap 8 TRIMMED", "9");
  }

  @Test
  void refusedJoinFailsEverySubscriberAndTheNextOneAsksAnew() {
    Future<StreamPosition> one = subscribe(new Recorder());
    Future<StreamPosition> two = subscribe(new Recorder());
    var refusal = new BackplaneException(Reason.UNAVAILABLE, "away");
    loop.run(() -> backplane.joins.get(0).fail(refusal));
    loop.until(() -> one.failed() && two.failed());
    assertThat(one.cause()).isSameAs(refusal);
    assertThat(hub.channels()).isZero();
    assertThat(loop.call(() -> shard.subscribers("news"))).isZero();
    subscribed(new Recorder());
    assertThat(backplane.asked).containsExactly("join news", "join news");
  }

  @Test
  void leaveNeitherOvertakesAJoinNorIsOvertakenByOne() {
    var first = new Recorder();
    Future<StreamPosition> answer = subscribe(first);
    loop.run(() -> shard.unsubscribe("news", POLICY, first));
    assertThat(answer.cause()).isInstanceOf(BackplaneException.class);
    assertThat(backplane.asked).containsExactly("join news");

    loop.run(() -> backplane.joins.get(0).complete(at(0)));
    assertThat(backplane.asked).containsExactly("join news", "leave news");

    var second = new Recorder();
    Future<StreamPosition> position = subscribe(second);
    loop.run(() -> publish(1, 1));
    assertThat(backplane.asked).hasSize(2);
    loop.run(() -> backplane.leaves.get(0).fail(new BackplaneException(Reason.UNAVAILABLE, "")));
    loop.run(() -> backplane.joins.get(1).complete(at(1)));
    loop.until(position::succeeded);
    loop.run(() -> publish(2, 2));
    loop.until(() -> second.events.equals(List.of("2")));
    assertThat(first.events).isEmpty();
  }

  @Test
  void lastSubscriberTakesTheChannelAlong() {
    var heard = new Recorder();
    subscribed(heard);
    loop.run(() -> shard.unsubscribe("news", POLICY, heard));
    loop.run(() -> backplane.leaves.get(0).complete());
    assertThat(hub.channels()).isZero();
    assertThat(loop.call(() -> shard.subscribers("news"))).isZero();
  }

  @Test
  void fullLoopIsToldOfTheGapAndHearsOn() {
    var heard = new Recorder();
    subscribed(heard);
    loop.run(() -> publish(1, 10)); // One task: the loop takes nothing meanwhile.
    loop.until(() -> heard.events.size() == EVENTS + 2);
    assertThat(heard.events).containsExactly("1", "2", "3", "4", "gap 10 OVERLOAD", "reset");
    loop.run(() -> publish(11, 12));
    loop.until(() -> heard.events.size() == EVENTS + 4);
    assertThat(heard.events).endsWith("gap 10 OVERLOAD", "reset", "11", "12");
  }

  @Test
  void discontinuityWhileTheLoopIsFullIsPartOfTheSameGap() {
    var heard = new Recorder();
    subscribed(heard);
    loop.run(
        () -> {
          publish(1, 5);
          hub.discontinued("news", at(20), GapCause.FORK);
        });
    loop.until(() -> heard.events.size() == EVENTS + 2);
    assertThat(heard.events).endsWith("4", "gap 20 OVERLOAD", "reset");
  }

  @Test
  void subscriberThatFailsHarmsNobody() {
    var heard = new Recorder();
    Future<StreamPosition> position = subscribe(new Failing());
    var unused =
        position.onSuccess(
            at -> {
              throw new IllegalStateException("as intended");
            });
    Future<StreamPosition> mine = subscribe(heard);
    loop.run(() -> backplane.joins.get(0).complete(at(0)));
    loop.until(mine::succeeded);
    List<String> all = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      int offset = i;
      loop.run(
          () -> {
            publish(offset, offset);
            hub.discontinued("news", at(offset), GapCause.LOST);
          });
      all.addAll(List.of(String.valueOf(i), "gap " + i + " LOST"));
      loop.until(() -> heard.events.size() >= all.size());
    }
    assertThat(heard.events).isEqualTo(all);
  }

  /** Netty's error where there is no direct memory for a frame. */
  @Test
  void batchThatASubscriberCannotTakeIsAGapToIt() {
    var poor = new Recorder();
    poor.onDelivery =
        () -> {
          poor.onDelivery = null;
          throw new OutOfMemoryError("as intended");
        };
    subscribed(poor);
    for (int i = 1; i <= 3 * EVENTS; i++) {
      int offset = i;
      loop.run(() -> publish(offset, offset));
      loop.until(() -> poor.events.contains(String.valueOf(offset)));
    }
    assertThat(poor.events).startsWith("1", "gap 1 OVERLOAD", "2").hasSize(3 * EVENTS + 1);
  }

  @Test
  void subscribersMayGoWhileTheyAreDeliveredTo() {
    List<Recorder> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      var recorder = new Recorder();
      recorder.onDelivery = () -> shard.unsubscribe("news", POLICY, recorder);
      all.add(recorder);
    }
    for (Recorder recorder : all) {
      assertThat(subscribe(recorder).failed()).isFalse();
    }
    var stays = new Recorder();
    Future<StreamPosition> position = subscribe(stays);
    loop.run(() -> backplane.joins.get(0).complete(at(0)));
    loop.until(position::succeeded);
    loop.run(() -> publish(1, 1));
    loop.run(() -> publish(2, 2));
    loop.until(() -> stays.events.size() == 2);
    assertThat(all).allSatisfy(recorder -> assertThat(recorder.events).containsExactly("1"));
  }

  @Test
  void eachTouchedConnectionIsFlushedThoughOneFails() {
    List<String> flushed = new ArrayList<>();
    loop.run(
        () -> {
          shard.touch(
              () -> {
                throw new IllegalStateException("as intended");
              });
          shard.touch(() -> flushed.add("one"));
        });
    loop.until(() -> flushed.size() == 1);
    loop.run(() -> shard.touch(() -> flushed.add("two")));
    loop.until(() -> flushed.size() == 2);
    assertThat(flushed).containsExactly("one", "two");
  }

  private Future<StreamPosition> subscribe(Subscriber subscriber) {
    return loop.call(() -> shard.subscribe("news", POLICY, subscriber));
  }

  private void subscribed(Subscriber subscriber) {
    Future<StreamPosition> position = subscribe(subscriber);
    loop.run(() -> backplane.joins.get(backplane.joins.size() - 1).complete(at(0)));
    loop.until(position::succeeded);
  }

  private void publish(int from, int to) {
    for (int i = from; i <= to; i++) {
      hub.publication("news", "e", new Publication(i, Payload.utf8("1"), null, Map.of(), 0));
    }
  }

  private void joins(int count) {
    for (int i = 0; i < count; i++) {
      hub.joined("news", new ClientInfo("c" + i, "", null, null));
    }
  }

  private static StreamPosition at(long offset) {
    return new StreamPosition("e", offset);
  }

  private static final class Unobserved implements ShardObserver {
    @Override
    public void received(long timeMillis) {}

    @Override
    public void passBegins() {}

    @Override
    public void passEnds(int events) {}
  }

  private static class Recorder extends Subscriber {
    final List<String> events = new ArrayList<>();
    @Nullable Runnable onDelivery;
    private final ClientProtocol json = new JsonProtocol();

    @Override
    protected void deliver(ChannelBatch batch) {
      batch.events().forEach(e -> events.add(e.presence() ? "join" : String.valueOf(e.offset())));
      ByteBuf frame = batch.frames(json, true, 0);
      assertThat(frame).isNotNull();
      if (onDelivery != null) {
        onDelivery.run();
      }
    }

    @Override
    protected void discontinued(StreamPosition resumed, GapCause cause) {
      events.add("gap " + resumed.offset() + " " + cause);
      assertThat(resumed.epoch()).isEqualTo("e");
    }

    @Override
    protected void presenceReset() {
      events.add("reset");
    }
  }

  private static final class Failing extends Subscriber {
    @Override
    protected void deliver(ChannelBatch batch) {
      throw new IllegalStateException("as intended");
    }

    @Override
    protected void discontinued(StreamPosition resumed, GapCause cause) {
      throw new IllegalStateException("as intended");
    }

    @Override
    protected void presenceReset() {}
  }
}
