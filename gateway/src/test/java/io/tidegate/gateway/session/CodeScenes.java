package io.tidegate.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.limits.FrameLimits;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.protocol.Compression;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.tidegate.gateway.testing.ClientFrames;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.HeldNode;
import io.tidegate.gateway.testing.Loop;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.PlainClient;
import io.tidegate.gateway.testing.RawRoutes;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNamespace;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** What a code takes to be produced: a node, a client, and something that goes wrong. */
final class CodeScenes {
  private static final Namespace CLOSED = namespace("closed", true);
  private static final Namespace BYTES = namespace("bytes", false);

  private CodeScenes() {}

  private static Namespace namespace(String name, boolean json) {
    return new TestNamespace(name).subscribe(Who.TOKEN).publish(Who.SUBSCRIBER).json(json).build();
  }

  static NodeOptions options() {
    return NodeOptions.of(TestNode.store())
        .namespaces(TestNode.OPEN, CLOSED, BYTES)
        .outbound(new OutboundSettings(Duration.ZERO, new Compression(true, 256, 1)))
        .firstFrameTimeout(Duration.ofSeconds(2));
  }

  static TestNode node(NodeOptions options) {
    return new TestNode(options);
  }

  static TestNode node() {
    return node(options());
  }

  static SessionLimits limits(int subscriptions, int failedCommands) {
    return new SessionLimits(
        4_096, 0, 0, 1, 10, failedCommands, subscriptions, 64, 1 << 20, FrameLimits.DEFAULT);
  }

  /** Five messages per second, and so many violations. */
  static SessionLimits slow(int violations) {
    return new SessionLimits(4_096, 5, 0, 1, violations, 16, 64, 1 << 20);
  }

  /** A node and a client of the user ann, for as long as {@code scene} takes. */
  static int with(TestNode node, BiFunction<TestNode, TestClient, Integer> scene) {
    try (node;
        TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      return scene.apply(node, ann);
    }
  }

  /** The error that a command is answered with. */
  static int error(String command, String body) {
    return with(node(), (node, ann) -> error(ann, command, body));
  }

  static int error(TestClient client, String command, String body) {
    return codeOf(client.command(command, new JsonObject(body)));
  }

  static int codeOf(JsonObject reply) {
    return reply.getJsonObject("error").getInteger("code");
  }

  /** What a command closes with. */
  static int sent(String command, String body) {
    return with(
        node(),
        (node, ann) -> {
          ann.send(command, new JsonObject(body));
          return ann.awaitClose();
        });
  }

  /** What the first frame closes with; an empty one is none. */
  static int connect(String frame) {
    try (TestNode node = node();
        TestClient client = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      if (!frame.isEmpty()) {
        client.sendText(frame);
      }
      return client.awaitClose();
    }
  }

  /** What a token with {@code claims} closes with, on a node to which something was done. */
  static int refused(ToIntFunction<TestNode> before, JsonObject claims) {
    try (TestNode node = node();
        TestClient client = TestClient.connect(node.uri(), TestClient.Options.PLAIN)) {
      assertThat(before.applyAsInt(node)).isNotNegative();
      String token = TestTokens.of(claims.put("sub", "ann"));
      client.send("connect", new JsonObject().put("token", token));
      return client.awaitClose();
    }
  }

  /** What something that is done to a node closes its client with. */
  static int close(ToIntFunction<TestNode> deed) {
    return with(
        node(),
        (node, ann) -> {
          assertThat(deed.applyAsInt(node)).isNotNegative();
          return ann.awaitClose();
        });
  }

  /** What something that is done to a node ends its client's subscription to {@code a} with. */
  static int unsubscribed(ToIntFunction<TestNode> deed) {
    return with(
        node(),
        (node, ann) -> {
          ann.command("subscribe", new JsonObject().put("channel", "a"));
          assertThat(deed.applyAsInt(node)).isNotNegative();
          ann.awaitMessage(m -> !ann.pushes("a", "unsubscribe").isEmpty());
          return ann.pushes("a", "unsubscribe").get(0).getInteger("code");
        });
  }

  /** The close frame that some frames of a client are answered with. */
  static int closeOf(byte[]... frames) {
    try (TestNode node = node();
        RawUpgrade client =
            RawUpgrade.from("127.0.0.1", node.port())
                .ask("Sec-WebSocket-Extensions: permessage-deflate")) {
      client.send(ClientFrames.join(frames));
      String all = client.rest();
      int close = all.lastIndexOf('\u0088');
      return all.charAt(close + 2) << 8 | all.charAt(close + 3);
    }
  }

  /** A message in {@code count} fragments and no last one. */
  static byte[] fragments(int count) {
    byte[][] fragments = new byte[count][];
    Arrays.fill(fragments, ClientFrames.frame(ClientFrames.CONTINUATION, new byte[] {'x'}));
    fragments[0] = ClientFrames.frame(ClientFrames.TEXT, new byte[] {'x'});
    return ClientFrames.join(fragments);
  }

  static int silent() {
    NodeOptions options = options().heartbeat(Duration.ofMillis(1_100), Duration.ofSeconds(1));
    try (TestNode node = node(options);
        TestClient client =
            TestClient.open(node.uri(), TestClient.Options.PLAIN.silent(), TestTokens.of("ann"))) {
      return client.awaitClose();
    }
  }

  static void ping(TestClient client, int times) {
    for (int i = 0; i < times; i++) {
      client.send("ping", new JsonObject());
    }
  }

  @CanIgnoreReturnValue
  static int stopStore(TestNode node) {
    return TestNode.await(node.backplane().close().map(0));
  }

  static int loseHistory(TestNode node) {
    node.hub().discontinued("a", new StreamPosition("another", 7), GapCause.LOST);
    return 0;
  }

  /** A connection's token that is over. */
  static String over() {
    return TestTokens.of(new JsonObject().put("sub", "ann").put("exp", 1_000));
  }

  /** A subscription's token that is over. */
  static String expired(String channel) {
    return token(channel, 1_000);
  }

  /** A subscription's token that ends in an hour. */
  static String ending(String channel) {
    return token(channel, System.currentTimeMillis() / 1_000 + 3_600);
  }

  private static String token(String channel, long exp) {
    return TestTokens.of(
        new JsonObject().put("sub", "ann").put("channel", channel).put("exp", exp));
  }

  /** A raw client that may publish to what it is subscribed to, and is not any more. */
  static int withoutItsSubscription() {
    var route =
        new RawRoute(
            "r",
            List.of(RawRoutes.template("mine:1")),
            RawRoutes.template("mine:1"),
            null,
            false,
            false,
            "welcome");
    Namespace mine =
        RawRoutes.namespace("mine", Set.of(Who.ANYONE), Set.of(Who.SUBSCRIBER), false, true);
    NodeOptions options = options().namespaces(TestNode.OPEN, mine);
    try (TestNode node = new TestNode(options, route);
        PlainClient client = PlainClient.as(TestTokens.of("ann"), node.uri("r"))) {
      assertThat(client.await(1)).hasSize(1);
      assertThat(unsubscribe(node, "mine:1", UnsubscribeCode.SERVER)).isEqualTo(1);
      return client.text("1").awaitClose();
    }
  }

  static int unsubscribe(TestNode node, String channel, UnsubscribeCode code) {
    Function<Session, Future<?>> deed =
        session -> Future.succeededFuture(session.unsubscribe(channel, code));
    return TestNode.await(node.sessions().each(session -> true, deed));
  }

  /** A page of history that is asked for while another is being read, which takes a slow store. */
  static int secondPage() {
    try (Loop loop = new Loop()) {
      var backplane = new HeldBackplane();
      var namespaces = new Namespaces(TestNode.OPEN, List.of(), 255);
      var socket = new JsonSocket();
      Identity ann = Identity.of("ann", null, Identity.NEVER);
      loop.run(
          () -> {
            var hub = new Hub(backplane, namespaces::published);
            new SessionLoop(HeldNode.of(loop, backplane, namespaces), hub, loop.context())
                .greet(socket, new JsonProtocol(), ann);
          });
      for (String frame :
          List.of(
              "{\"id\":1,\"connect\":{}}",
              "{\"id\":2,\"history\":{\"channel\":\"a\"}}",
              "{\"id\":3,\"history\":{\"channel\":\"a\"}}")) {
        loop.run(() -> socket.handler().message(frame.getBytes(UTF_8), true));
      }
      loop.until(() -> socket.replied(3));
      return loop.call(() -> codeOf(socket.reply(3)));
    }
  }
}
