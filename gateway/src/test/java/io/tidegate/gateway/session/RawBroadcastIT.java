package io.tidegate.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.local.LocalStore;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.PlainClient;
import io.tidegate.gateway.testing.PlainClient.Frame;
import io.tidegate.gateway.testing.RawRoutes;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Raw routes that publish and subscribe, on two nodes. */
final class RawBroadcastIT {
  private final LocalStore store = TestNode.store();
  private final List<TestNode> nodes = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    nodes.forEach(TestNode::close);
  }

  private TestNode node(Namespace namespace, RawRoute... routes) {
    NodeOptions options = NodeOptions.of(store).namespaces(TestNode.OPEN, namespace);
    var node = new TestNode(options.sources(options.sources(), true), routes);
    nodes.add(node);
    return node;
  }

  private PlainClient client(URI uri) {
    PlainClient client = PlainClient.open(uri);
    open.add(client);
    return client;
  }

  /** In a room, welcomed. */
  private PlainClient in(TestNode node, String room) {
    PlainClient client = client(node.uri("room?room=" + room));
    assertThat(client.await(1)).containsExactly(Frame.text("welcome"));
    return client;
  }

  private static void publish(TestNode node, String channel, String data, String... tag) {
    Map<String, String> tags = tag.length == 0 ? Map.of() : Map.of(tag[0], tag[1]);
    var request =
        new PublishRequest(channel, Payload.utf8(data), StreamPolicy.NO_HISTORY, null, tags, null);
    assertThat(TestNode.await(node.backplane().backplane().publish(request))).isNotNull();
  }

  @Test
  void everybodyElseInTheRoomGetsAFrameOnAnyNode() {
    Namespace rooms = RawRoutes.namespace("room", false);
    TestNode one = node(rooms, RawRoutes.room(true));
    TestNode two = node(rooms, RawRoutes.room(true));
    PlainClient ann = in(one, "7");
    PlainClient bob = in(one, "7");
    PlainClient cem = in(two, "7");
    PlainClient dan = in(two, "8");

    ann.text("hi").binary(new byte[] {1});
    cem.await(3);
    bob.text("from bob");
    cem.await(4);
    // Behind what they were not to get, there is something for all.
    publish(two, "room:7", "end");
    publish(two, "room:8", "end");

    Frame[] ofAnn = {Frame.text("hi"), Frame.binary((byte) 1)};
    Frame[] ofBob = {Frame.text("from bob")};
    assertThat(cem.await(5)).containsSubsequence(ofAnn).containsSubsequence(ofBob);
    assertThat(bob.await(4)).containsSubsequence(ofAnn).doesNotContain(ofBob).hasSize(4);
    assertThat(ann.await(3)).containsSubsequence(ofBob).doesNotContain(ofAnn).hasSize(3);
    assertThat(dan.await(2)).containsExactly(Frame.text("welcome"), Frame.bytes("end"));
  }

  @Test
  void whoPublishesAtOnceGetsItsOwnFramesInOrder() {
    TestNode node = node(RawRoutes.namespace("room", false), RawRoutes.room(false));
    PlainClient ann = client(node.uri("room?room=7"));
    List<Frame> expected = new ArrayList<>(List.of(Frame.text("welcome")));
    for (int i = 0; i < 100; i++) {
      ann.text("frame " + i);
      expected.add(Frame.text("frame " + i));
    }
    assertThat(ann.await(101)).isEqualTo(expected);
  }

  @Test
  void inANamespaceOfJsonFramesAreTextAndHaveToBeJson() {
    TestNode node = node(RawRoutes.namespace("room", true), RawRoutes.room(false));
    PlainClient ann = in(node, "7");
    PlainClient bob = in(node, "7");
    ann.text("{\"a\":\n 1}").binary("[2]".getBytes(UTF_8)).text("\"3\"");
    assertThat(bob.await(4))
        .containsExactly(
            Frame.text("welcome"), Frame.text("{\"a\":1}"), Frame.text("[2]"), Frame.text("\"3\""));
    ann.text("hello");
    assertThat(ann.awaitClose()).isEqualTo(CloseCode.BAD_REQUEST.code());
    publish(node, "room:7", "4");
    assertThat(bob.await(5)).endsWith(Frame.text("4"));
  }

  @Test
  void servicesSayByATagThatBytesAreText() {
    TestNode node = node(RawRoutes.namespace("room", false), RawRoutes.room(false));
    PlainClient ann = in(node, "7");
    publish(node, "room:7", "bytes");
    publish(node, "room:7", "text", "frame", "text");
    assertThat(ann.await(3)).endsWith(Frame.bytes("bytes"), Frame.text("text"));
  }

  @Test
  void clientsWithAProtocolMeetThemInOneChannel() {
    TestNode node = node(RawRoutes.namespace("room", true), RawRoutes.room(true));
    PlainClient ann = in(node, "7");
    try (TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"))) {
      bob.command("subscribe", new JsonObject().put("channel", "room:7"));
      bob.command("publish", new JsonObject().put("channel", "room:7").put("data", "hi"));
      assertThat(ann.await(2)).endsWith(Frame.text("\"hi\""));
      ann.text("{\"re\":\"hi\"}");
      await().until(() -> bob.pushes("room:7", "pub").size() == 2);
      JsonObject pub = bob.pushes("room:7", "pub").get(1);
      assertThat(pub.getJsonObject("data").getString("re")).isEqualTo("hi");
      assertThat(pub.getJsonObject("info").getString("client")).isNotEmpty();
    }
    assertThat(ann.frames()).hasSize(2);
  }

  @Test
  void aClientWithoutPositionsGoesOnBehindAGap() {
    TestNode node = node(RawRoutes.namespace("room", false), RawRoutes.room(false));
    PlainClient ann = in(node, "7");
    publish(node, "room:7", "1");
    ann.await(2);
    node.hub().discontinued("room:7", new StreamPosition("e", 9), GapCause.OVERLOAD);
    publish(node, "room:7", "2");
    assertThat(ann.await(3)).endsWith(Frame.bytes("2"));
  }

  @Test
  void aClientThatWouldHaveToRecoverIsClosedBehindAGap() {
    TestNode node = node(RawRoutes.recovering("room"), RawRoutes.room(false));
    PlainClient ann = in(node, "7");
    node.hub().discontinued("room:7", new StreamPosition("e", 9), GapCause.OVERLOAD);
    assertThat(ann.awaitClose()).isEqualTo(CloseCode.INSUFFICIENT_STATE.code());
  }

  @Test
  void aRouteThatTakesNoFramesClosesWhoSendsOne() {
    TestNode node = node(RawRoutes.namespace("room", false), RawRoutes.feed("room:all"));
    PlainClient ann = client(node.uri("feed"));
    publish(node, "room:all", "1");
    ann.text("?");
    assertThat(ann.awaitClose()).isEqualTo(CloseCode.NOT_AVAILABLE.code());
    assertThat(commands(node, "not_available")).isEqualTo(1);
  }

  @Test
  void whoCannotBeSubscribedIsClosedWithTheReason() {
    TestNode node =
        node(RawRoutes.namespace("room", false), RawRoutes.feed(RawRoutes.names("room:", 17)));
    assertThat(client(node.uri("feed")).awaitClose()).isEqualTo(CloseCode.CHANNEL_LIMIT.code());
  }

  private static double commands(TestNode node, String outcome) {
    return node.metric(
        "tidegate_commands_total", List.of("command", "outcome"), List.of("frame", outcome));
  }
}
