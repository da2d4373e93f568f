package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.local.LocalNode;
import io.tidegate.backplane.local.LocalStore;
import io.tidegate.gateway.session.SessionDirectory;
import io.tidegate.gateway.session.UserConnection;
import io.tidegate.gateway.testing.SilentListener;
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
  private static final UserConnection NEWER = new UserConnection("ann", 7, "c1");
  private static final SessionDirectory NO_SESSIONS = new SessionDirectory();

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    TestNode.await(vertx.close());
  }

  @Test
  void everyNodeIsAsked() {
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
    TestNode.await(new LastConnectionWins(one.cluster(), NO_SESSIONS).closeOlder(NEWER));
    assertThat(asked).hasSize(2);
    assertThat(asked).allMatch(command -> command.name().equals("close_older"));
    assertThat(new JsonObject(Buffer.buffer(asked.get(0).body().bytes())))
        .isEqualTo(new JsonObject("{\"user\":\"ann\",\"moment\":7,\"client\":\"c1\"}"));
    TestNode.await(one.close());
    TestNode.await(two.close());
  }

  @Test
  void nodeThatCannotIsTold() {
    LocalNode node = node(TestNode.store(), "one");
    TestNode.await(
        node.start(new SilentListener(), command -> Future.failedFuture("for the test")));
    var lastWins = new LastConnectionWins(node.cluster(), NO_SESSIONS);
    String failure =
        TestNode.await(
            lastWins
                .closeOlder(NEWER)
                .transform(
                    done -> Future.succeededFuture(String.valueOf(done.cause().getMessage()))));
    assertThat(failure).contains("for the test");
    TestNode.await(node.close());
  }

  private LocalNode node(LocalStore store, String id) {
    return new LocalNode(vertx, new NodeInfo(id, id, "0", 0), store, BackplaneMetrics.NONE);
  }
}
