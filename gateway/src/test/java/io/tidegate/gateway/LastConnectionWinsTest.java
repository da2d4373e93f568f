package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.local.LocalNode;
import io.tidegate.backplane.local.LocalStore;
import io.tidegate.gateway.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LastConnectionWinsTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    TestNode.await(vertx.close());
  }

  @Test
  void everyNodeIsAskedAsByTheServerApi() {
    var store = TestNode.store();
    List<NodeCommand> asked = new CopyOnWriteArrayList<>();
    LocalNode one = node(store, "one");
    LocalNode two = node(store, "two");
    for (LocalNode node : List.of(one, two)) {
      TestNode.await(
          node.start(
              new SilentListener(),
              command -> {
                asked.add(command);
                return Future.succeededFuture(Payload.EMPTY);
              }));
    }
    TestNode.await(new LastConnectionWins(one.cluster()).close("ann", "c1"));
    assertThat(asked).hasSize(2);
    assertThat(asked).allMatch(command -> command.name().equals("disconnect"));
    assertThat(new JsonObject(Buffer.buffer(asked.get(0).body().bytes())))
        .isEqualTo(
            new JsonObject(
                """
                {"user":"ann","whitelist":["c1"],
                 "disconnect":{"code":3504,"reason":"connection limit"}}"""));
    TestNode.await(one.close());
    TestNode.await(two.close());
  }

  private LocalNode node(LocalStore store, String id) {
    return new LocalNode(vertx, new NodeInfo(id, id, "0", 0), store, BackplaneMetrics.NONE);
  }

  private static final class SilentListener implements BackplaneListener {
    @Override
    public void publication(String channel, String epoch, Publication publication) {}

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
}
