package io.tidegate.gateway.hub;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.Compression;
import io.tidegate.gateway.protocol.Encoded;
import io.tidegate.gateway.protocol.FrameWriter;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.protocol.Push;
import io.tidegate.gateway.protocol.RawProtocol;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.Loop;
import io.tidegate.gateway.testing.ServerFrames;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What shares a pass of a loop, and what the loop may do in between. */
final class PassTest {
  private static final StreamPolicy POLICY = StreamPolicy.NO_HISTORY;
  private static final int MANY = 1_000;

  private final Loop loop = new Loop();
  private final HeldBackplane backplane = new HeldBackplane();
  private final Hub hub =
      new Hub(backplane, (channel, p) -> new Push.Published(channel, p, false, true));

  private final List<Socket> sockets = new ArrayList<>();

  /** What happened on the loop, in its order. */
  private final List<String> happened = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void publicationsOfOnePassShareAFrame() {
    HubShard shard = shard(Duration.ZERO);
    subscribe(shard, 1);
    loop.run(() -> publish(1, 3));
    loop.until(() -> happened.contains("flush 0"));
    assertThat(happened).containsExactly("frame of 3", "flush 0");
  }

  @Test
  void receiversOfOtherWindowsShareAFrameAsFarAsTheyTakeThePassCompressed() {
    assertThat(framesForAllWindows(new JsonProtocol(), 100, 900)).isEqualTo(2);
    // Compressed are: none, the first, the first and the second, all.
    assertThat(framesForAllWindows(new RawProtocol(), 200, 500, 900)).isLessThanOrEqualTo(5);
  }

  /** How many frames there are, each of which is what its receiver would have had alone. */
  private static int framesForAllWindows(ClientProtocol protocol, int... sizes) {
    var writer = new FrameWriter(new Compression(true, 64, 1));
    var batch = new ChannelBatch(writer, "e");
    List<Encoded> messages = new ArrayList<>();
    for (int size : sizes) {
      Payload data = Payload.utf8("\"" + "x".repeat(size) + "\"");
      var published = new Publication(1, data, null, Map.of(), 0);
      var event = new ChannelEvent(new Push.Published("news", published, false, true));
      batch.add(event);
      messages.add(event.encoded(protocol));
    }
    Set<ByteBuf> all = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int window : new int[] {0, 256, 512, 1 << 10, 1 << 11, 1 << 14, Integer.MAX_VALUE}) {
      ByteBuf frames = requireNonNull(batch.frames(protocol, true, window), "frames");
      ByteBuf alone = writer.frames(protocol, messages, window);
      assertThat(frames).as("for a window of %d", window).isEqualTo(alone);
      alone.release();
      all.add(frames);
    }
    batch.release();
    return all.size();
  }

  @Test
  void whatComesWithinTheDelaySharesAFrame() {
    HubShard shard = shard(Duration.ofMillis(200));
    subscribe(shard, 1);
    for (int i = 1; i <= 3; i++) {
      int offset = i;
      // Tasks of their own: without the delay, each would be a pass of its own.
      loop.run(() -> publish(offset, offset));
    }
    loop.until(() -> happened.contains("flush 0"));
    assertThat(happened).containsExactly("frame of 3", "flush 0");
  }

  @Test
  void loopReadsBetweenTheSlicesOfAFlush() {
    HubShard shard = shard(Duration.ZERO);
    subscribe(shard, MANY);
    loop.run(
        () -> {
          publish(1, 1);
          read();
        });
    loop.until(() -> happened.contains("flush " + (MANY - 1)));
    int firstFlush = happened.indexOf("flush 0");
    int lastFlush = happened.indexOf("flush " + (MANY - 1));
    List<String> between = happened.subList(firstFlush, lastFlush);
    assertThat(between).contains("read");
  }

  @Test
  void loneBatchIsDeliveredSliceBySlice() {
    HubShard shard = shard(Duration.ZERO);
    subscribe(shard, MANY);
    loop.run(() -> publish(1, 1));
    loop.until(() -> happened.contains("flush " + (MANY - 1)));
    assertThat(happened.indexOf("flush 0")).isLessThan(happened.indexOf((MANY - 1) + " gets 1"));
  }

  @Test
  void whoLeavesBeforeItsSliceGetsNothing() {
    HubShard shard = shard(Duration.ZERO);
    subscribe(shard, MANY);
    int last = MANY - 1;
    loop.run(
        () -> {
          publish(1, 1);
          // Behind the first slice. Another's place in the channel is taken by the last one, which
          // has to get the batch all the same, and once.
          loop.context()
              .runOnContext(
                  v -> {
                    shard.unsubscribe("news", POLICY, sockets.get(0));
                    shard.unsubscribe("news", POLICY, sockets.get(last - 1));
                  });
        });
    loop.until(() -> happened.contains("flush " + last));
    assertThat(happened).doesNotContain((last - 1) + " gets 1").containsOnlyOnce(last + " gets 1");
  }

  @Test
  void whoJoinsDuringAPassStartsBehindItsBatch() {
    HubShard shard = shard(Duration.ZERO);
    subscribe(shard, MANY);
    List<Long> start = new ArrayList<>();
    loop.run(
        () -> {
          publish(1, 1);
          // Behind the first slice.
          loop.context()
              .runOnContext(
                  v -> {
                    var late = new Socket(shard, MANY);
                    shard
                        .subscribe("news", POLICY, late)
                        .onSuccess(position -> start.add(position.offset()));
                    publish(2, 3);
                  });
        });
    loop.until(() -> happened.contains("flush " + MANY));
    assertThat(start).containsExactly(1L);
    assertThat(happened).contains(MANY + " gets 2").doesNotContain(MANY + " gets 1");
  }

  @Test
  void gapComesBehindWhatWasQueuedBeforeIt() {
    HubShard shard = shard(Duration.ZERO);
    subscribe(shard, MANY);
    loop.run(
        () -> {
          publish(1, 1);
          hub.discontinued("news", new StreamPosition("f", 7), GapCause.OVERLOAD);
          hub.publication("news", "f", publication(8));
        });
    loop.until(() -> happened.contains("flush " + (MANY - 1)));
    loop.until(() -> happened.lastIndexOf("frame of 1") > happened.indexOf("frame of 1"));
    int gap = happened.indexOf((MANY - 1) + " misses");
    assertThat(happened.indexOf((MANY - 1) + " gets 1")).isLessThan(gap);
    assertThat(happened.lastIndexOf((MANY - 1) + " gets 1")).isGreaterThan(gap);
  }

  @Test
  void nextPassWaitsUntilThisOneIsFlushed() {
    HubShard shard = shard(Duration.ZERO);
    subscribe(shard, MANY);
    loop.run(
        () -> {
          publish(1, 1);
          // Behind the first slice.
          loop.context()
              .runOnContext(
                  v -> {
                    publish(2, 2);
                    loop.context().runOnContext(later -> publish(3, 3));
                  });
        });
    loop.until(() -> happened.contains("frame of 2"));
    assertThat(happened.subList(0, happened.indexOf("frame of 2")))
        .contains("flush " + (MANY - 1))
        .filteredOn(event -> event.startsWith("frame"))
        .containsOnly("frame of 1");
  }

  @Test
  void repliesDoNotHoldUpTheNextPass() {
    HubShard shard = shard(Duration.ZERO);
    subscribe(shard, MANY);
    loop.run(
        () -> {
          publish(1, 1);
          reply(shard);
          publish(2, 2);
        });
    loop.until(() -> happened.contains("frame of 2"));
  }

  @Test
  void answersDoNotWaitForTheFlushesOfAPass() {
    HubShard shard = shard(Duration.ZERO);
    subscribe(shard, MANY);
    loop.run(
        () -> {
          publish(1, 1);
          // Behind the first slice.
          loop.context().runOnContext(v -> shard.touch(() -> happened.add("answer")));
        });
    loop.until(() -> happened.contains("flush " + (MANY - 1)));
    assertThat(happened.subList(0, happened.indexOf("flush " + (MANY - 1)))).contains("answer");
  }

  /** Notes each turn that the loop gets, as its reads of sockets would. */
  private void read() {
    happened.add("read");
    if (!happened.contains("flush " + (MANY - 1))) {
      loop.context().runOnContext(v -> read());
    }
  }

  /** A command that comes in each turn and touches its connection. */
  private void reply(HubShard shard) {
    shard.touch(() -> {});
    if (!happened.contains("frame of 2")) {
      loop.context().runOnContext(v -> reply(shard));
    }
  }

  private HubShard shard(Duration delay) {
    return loop.call(
        () ->
            new HubShard(
                hub,
                loop.context(),
                ShardBounds.DEFAULT,
                new FrameWriter(Compression.OFF),
                delay,
                new Unobserved()));
  }

  private void subscribe(HubShard shard, int count) {
    List<Future<StreamPosition>> positions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var socket = new Socket(shard, i);
      sockets.add(socket);
      positions.add(loop.call(() -> shard.subscribe("news", POLICY, socket)));
    }
    loop.run(() -> backplane.joins.get(0).complete(new StreamPosition("e", 0)));
    loop.until(() -> positions.stream().allMatch(Future::succeeded));
  }

  private void publish(int from, int to) {
    for (int i = from; i <= to; i++) {
      hub.publication("news", "e", publication(i));
    }
  }

  private static Publication publication(long offset) {
    return new Publication(offset, Payload.utf8("1"), null, Map.of(), 0);
  }

  private final class Socket extends Subscriber {
    private final JsonProtocol json = new JsonProtocol();
    private final HubShard shard;
    private final int number;

    Socket(HubShard shard, int number) {
      this.shard = shard;
      this.number = number;
    }

    @Override
    protected void deliver(ChannelBatch batch) {
      happened.add((number == 0 ? "frame of " : number + " gets ") + messages(batch));
      shard.touch(() -> happened.add("flush " + number));
    }

    private int messages(ChannelBatch batch) {
      ByteBuf frames = requireNonNull(batch.frames(json, false, 0), "frames");
      return ServerFrames.text(frames.duplicate()).split("\n", -1).length;
    }

    @Override
    protected void discontinued(StreamPosition resumed, GapCause cause) {
      happened.add(number + " misses");
    }

    @Override
    protected void presenceReset() {}
  }

  private static final class Unobserved implements ShardObserver {
    @Override
    public void received(long timeMillis) {}

    @Override
    public void passBegins() {}

    @Override
    public void passEnds(int events) {}
  }
}
