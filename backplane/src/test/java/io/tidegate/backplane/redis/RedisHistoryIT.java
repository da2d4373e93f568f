package io.tidegate.backplane.redis;

import static io.tidegate.backplane.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.HistoryContract;
import io.tidegate.backplane.RecordingListener;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.TestNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RedisHistoryIT extends HistoryContract {
  private static final StreamPolicy NONE = StreamPolicy.NO_HISTORY;

  @Override
  protected ContractFixture fixture() {
    return new RedisFixture();
  }

  /** What a comparison reads may be ahead of the events that are still under way, and no hole. */
  @Test
  void comparisonsOfABusyChannelWithoutHistoryTearNoHole() {
    String channel = channel("busy");
    nodes().forEach(node -> node.join(channel, NONE));
    int each = 3_000;
    List<Future<Void>> publishers =
        IntStream.range(0, 8).mapToObj(i -> publish(node(i % 2), channel, each)).toList();
    await(Future.all(publishers));

    for (TestNode node : nodes()) {
      eventually(() -> assertThat(node.heard().offsets(channel)).hasSize(8 * each));
      assertThat(node.heard().events(channel)).hasOnlyElementsOfType(RecordingListener.Heard.class);
    }
  }

  private static Future<Void> publish(TestNode node, String channel, int times) {
    return times == 0
        ? Future.succeededFuture()
        : node.publishing(channel, "x", NONE).compose(done -> publish(node, channel, times - 1));
  }
}
