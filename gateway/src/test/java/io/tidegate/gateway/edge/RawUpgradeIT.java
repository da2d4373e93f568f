package io.tidegate.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.session.RawRoute;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.PlainClient;
import io.tidegate.gateway.testing.PlainClient.Frame;
import io.tidegate.gateway.testing.RawRoutes;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets into a raw route, and what those hear that do not. */
final class RawUpgradeIT {
  private static final RawRoute USER =
      new RawRoute(
          "user",
          List.of(RawRoutes.template("user:{claims.sub}")),
          null,
          null,
          false,
          false,
          "welcome");

  private final TestNode anonymous = node(true);
  private final TestNode strict = node(false);

  private static TestNode node(boolean anonymous) {
    NodeOptions options =
        NodeOptions.of(TestNode.store())
            .sources(EnumSet.allOf(TokenSource.class), anonymous)
            .namespaces(
                TestNode.OPEN,
                open("room", Who.ANYONE, Who.ANYONE),
                open("user", Who.AUTHENTICATED, Who.NOBODY),
                open("own", Who.TOKEN, Who.TOKEN),
                open("quiet", Who.ANYONE, Who.AUTHENTICATED),
                open("members", Who.ANYONE, Who.SUBSCRIBER));
    return new TestNode(
        options,
        TestNode.ECHO,
        RawRoutes.room(false),
        USER,
        both("own", "own:{query.room}", "own:{query.room}"),
        both("quiet", "quiet:1", "quiet:1"),
        both("inside", "members:1", "members:1"),
        both("outside", "members:2", "members:1"));
  }

  private static Namespace open(String name, Who subscribe, Who publish) {
    return RawRoutes.namespace(name, Set.of(subscribe), Set.of(publish), false, false);
  }

  private static RawRoute both(String name, String subscribe, String publish) {
    return new RawRoute(
        name,
        List.of(RawRoutes.template(subscribe)),
        RawRoutes.template(publish),
        null,
        false,
        false,
        "welcome");
  }

  @AfterEach
  void close() {
    anonymous.close();
    strict.close();
  }

  private static void getsIn(PlainClient client) {
    try (client) {
      assertThat(client.await(1)).containsExactly(Frame.text("welcome"));
    }
  }

  @Test
  void withoutATokenOnlyAnonymousClientsGetInSinceNoFrameCouldBringOne() {
    try (PlainClient client = PlainClient.open(anonymous.uri("echo"))) {
      assertThat(client.text("x").await(1)).hasSize(1);
    }
    assertThat(PlainClient.refusal(strict.uri("echo"))).isEqualTo(401);
    try (PlainClient client = PlainClient.as(TestTokens.of("ann"), strict.uri("echo"))) {
      assertThat(client.text("x").await(1)).hasSize(1);
    }
    assertThat(PlainClient.refusalOf("rubbish", anonymous.uri("echo"))).isEqualTo(401);
  }

  @Test
  void tokensMayStandInTheQueryAndBesideTheSubprotocolAsOnAnyPath() {
    String token = TestTokens.of("ann");
    getsIn(PlainClient.open(strict.uri("user?token=" + token)));
    getsIn(PlainClient.open(strict.uri("user"), "tidegate.raw", "tidegate.token." + token));
    try (PlainClient client = PlainClient.open(anonymous.uri("room?room=1"), "tidegate.raw")) {
      assertThat(client.subprotocol()).isEqualTo("tidegate.raw");
    }
  }

  @Test
  void noOtherSubprotocolIsSpoken() {
    assertThat(PlainClient.refusal(anonymous.uri("echo"), "chat")).isEqualTo(400);
    assertThat(PlainClient.refusal(anonymous.uri("echo"), "centrifuge-json")).isEqualTo(400);
    assertThat(PlainClient.refusal(anonymous.uri(), "tidegate.raw")).isEqualTo(400);
  }

  @Test
  void aChannelIsMadeOfTheTokensSubject() {
    try (PlainClient ann = PlainClient.as(TestTokens.of("ann"), strict.uri("user"))) {
      ann.await(1);
      assertThat(strict.hub().channels()).isEqualTo(1);
      TestNode.await(
          strict
              .backplane()
              .backplane()
              .publish(
                  PublishRequest.of("user:ann", Payload.utf8("to ann"), StreamPolicy.NO_HISTORY)));
      assertThat(ann.await(2)).endsWith(Frame.bytes("to ann"));
    }
  }

  @Test
  void aBadOrMissingValueIs400WithAReason() {
    for (String query : List.of("", "?room=", "?room=a%3Ab", "?room=a&room=a")) {
      refused(anonymous, "room" + query, 400, "bad_channel_value");
    }
    refused(anonymous, "user", 400, "bad_channel_value");
    assertThat(PlainClient.refusalOf(TestTokens.of("a b"), strict.uri("user"))).isEqualTo(400);
    assertThat(anonymous.admission().connections()).isZero();
  }

  @Test
  void theAnswerSaysWhyInJson() {
    try (RawUpgrade upgrade = RawUpgrade.from("127.0.0.1", anonymous.port())) {
      String answer =
          upgrade
              .send(
                  """
                  GET /raw/room HTTP/1.1
                  Host: localhost
                  Upgrade: websocket
                  Connection: Upgrade
                  Sec-WebSocket-Version: 13
                  Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==

                  """
                      .replace("\n", "\r\n"))
              .rest();
      assertThat(answer).startsWith("HTTP/1.1 400").contains("\"reason\":\"bad_channel_value\"");
    }
  }

  @Test
  void aMissingRightIs403WithAReason() {
    refused(anonymous, "quiet", 403, "channel_not_allowed");
    getsIn(PlainClient.as(TestTokens.of("ann"), anonymous.uri("quiet")));
  }

  @Test
  void theTokensGrantsCount() {
    String token =
        TestTokens.of(
            new JsonObject()
                .put("sub", "ann")
                .put(
                    "caps",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("channels", new JsonArray().add("own:7"))
                                .put("allow", new JsonArray().add("sub").add("pub")))));
    getsIn(PlainClient.as(token, strict.uri("own?room=7")));
    assertThat(PlainClient.refusalOf(token, strict.uri("own?room=8"))).isEqualTo(403);
  }

  @Test
  void whoTheRouteSubscribesMayPublishAsASubscriber() {
    getsIn(PlainClient.open(anonymous.uri("inside")));
    assertThat(PlainClient.refusal(anonymous.uri("outside"))).isEqualTo(403);
  }

  private static void refused(TestNode node, String path, int status, String reason) {
    double before = node.metric("tidegate_upgrades_refused_total", "reason", reason);
    assertThat(PlainClient.refusal(node.uri(path))).as(path).isEqualTo(status);
    assertThat(node.metric("tidegate_upgrades_refused_total", "reason", reason))
        .isEqualTo(before + 1);
  }
}
