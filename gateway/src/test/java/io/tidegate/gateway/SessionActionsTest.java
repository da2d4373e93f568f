package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.api.ApiException;
import io.tidegate.gateway.api.ChannelsQuery;
import io.tidegate.gateway.auth.ChannelPattern;
import io.tidegate.gateway.hub.ChannelBatch;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.hub.HubShard;
import io.tidegate.gateway.hub.ShardBounds;
import io.tidegate.gateway.hub.ShardObserver;
import io.tidegate.gateway.hub.Subscriber;
import io.tidegate.gateway.protocol.Compression;
import io.tidegate.gateway.protocol.FrameWriter;
import io.tidegate.gateway.protocol.Push;
import io.tidegate.gateway.session.SessionDirectory;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node answers of its channels. */
final class SessionActionsTest {
  private final Vertx vertx = Vertx.vertx();
  private final Loop loop = new Loop();
  private final Hub hub =
      new Hub(new HeldBackplane(), (channel, p) -> new Push.Published(channel, p, true, true));
  private final SessionActions actions = new SessionActions(vertx, new SessionDirectory(), hub);

  @AfterEach
  void close() {
    loop.close();
    assertThat(vertx.close()).isNotNull();
  }

  /** None of these has a subscriber yet, so what is left after counting is short enough. */
  @Test
  void listOfChannelsThatWasCutOffIsNotCalledWhole() {
    HubShard shard =
        loop.call(
            () ->
                new HubShard(
                    hub,
                    loop.context(),
                    ShardBounds.DEFAULT,
                    new FrameWriter(Compression.OFF),
                    Duration.ZERO,
                    new Unobserved()));
    for (int i = 0; i <= ChannelsQuery.MAX_NAMES; i++) {
      String channel = "c" + i;
      var unused = loop.call(() -> shard.subscribe(channel, StreamPolicy.NO_HISTORY, new Deaf()));
    }
    assertThat(channels("c1*").result()).isEmpty();
    assertThat(channels("*").cause())
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("at most 10000 channels");
  }

  private Future<Map<String, Integer>> channels(String pattern) {
    var all = List.of(new ChannelPattern("*"));
    Future<Map<String, Integer>> answer =
        actions.channels(new ChannelsQuery(new ChannelPattern(pattern), all));
    await().until(answer::isComplete);
    return answer;
  }

  private static final class Unobserved implements ShardObserver {
    @Override
    public void received(long timeMillis) {}

    @Override
    public void passBegins() {}

    @Override
    public void passEnds(int events) {}
  }

  private static final class Deaf extends Subscriber {
    @Override
    protected void deliver(ChannelBatch batch) {}

    @Override
    protected void discontinued(StreamPosition resumed, GapCause cause) {}

    @Override
    protected void presenceReset() {}
  }
}
