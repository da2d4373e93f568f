package io.tidegate.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.HeldNode;
import io.tidegate.gateway.testing.Loop;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One user's connections to two nodes, whose questions arrive in any order. */
final class UserConnectionsTest {
  private static final Identity ANN =
      new Identity("ann", null, Map.of(), List.of(), Identity.NEVER);

  private final Loop loop = new Loop();
  private final Node one = new Node("a", 2_000);
  private final Node two = new Node("b", 1_000);

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void ofTwoThatOpenTogetherOneStays() {
    one.open();
    two.open();
    ask(one, two);
    ask(two, one);
    assertThat(open()).containsExactly(one);
    assertThat(two.socket.code()).isEqualTo(CloseCode.CONNECTION_LIMIT.code());
  }

  @Test
  void atTheSameMomentToo() {
    var same = new Node("b", 2_000);
    one.open();
    same.open();
    ask(same, one);
    ask(one, same);
    assertThat(same.socket.closed()).isFalse();
    assertThat(one.socket.closed()).isTrue();
  }

  /** Its node's clock is behind, and still it is the newer one. */
  @Test
  void whoOpensBehindAQuestionIsNewer() {
    one.open();
    two.greet();
    ask(one, two);
    two.join();
    ask(two, one);
    assertThat(open()).containsExactly(two);
  }

  @Test
  void lateQuestionOfOneThatIsGoneClosesNoNewerOne() {
    two.open();
    loop.run(() -> two.socket.handler().closed("client"));
    one.open();
    ask(two, one);
    assertThat(one.socket.closed()).isFalse();
  }

  private void ask(Node from, Node to) {
    loop.run(() -> assertThat(to.sessions.users().closeOlder(from.asked.get(0))).isBetween(0, 1));
  }

  private List<Node> open() {
    return Stream.of(one, two).filter(node -> !node.socket.closed()).toList();
  }

  private final class Node {
    final HeldBackplane backplane = new HeldBackplane();
    final JsonSocket socket = new JsonSocket();
    final List<UserConnection> asked = new ArrayList<>();
    final SessionLoop sessions;

    Node(String client, long clockMillis) {
      var namespaces = new Namespaces(HeldNode.PLAIN, List.of(), 255);
      var clock = Clock.fixed(Instant.ofEpochMilli(clockMillis), ZoneOffset.UTC);
      SessionNode node =
          HeldNode.single(loop, backplane, namespaces, clock, this::closeOlder, client);
      var hub = new Hub(backplane, namespaces::published);
      sessions = loop.call(() -> new SessionLoop(node, hub, loop.context()));
    }

    private Future<Void> closeOlder(UserConnection newer) {
      asked.add(newer);
      return Future.succeededFuture();
    }

    void open() {
      greet();
      join();
    }

    void greet() {
      loop.run(() -> sessions.greet(socket, new JsonProtocol(), ANN));
      byte[] connect = "{\"id\":1,\"connect\":{}}".getBytes(UTF_8);
      loop.run(() -> socket.handler().message(connect, true));
      loop.until(() -> backplane.joins.size() == 1);
    }

    void join() {
      loop.run(() -> backplane.joins.get(0).complete(new StreamPosition("e", 0)));
      loop.until(() -> asked.size() == 1);
    }
  }
}
