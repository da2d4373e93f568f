package io.tidegate.gateway.session;

import static io.tidegate.gateway.testing.ProtobufClient.command;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.protocol.generated.ClientProto;
import io.tidegate.gateway.protocol.generated.ClientProto.ConnectRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.HistoryRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.PingRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.PresenceRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.PresenceStatsRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.PublishRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.SubscribeRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.UnsubscribeRequest;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.ProtobufClient;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNamespace;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProtobufIT {
  private static final Namespace BYTES =
      new TestNamespace("bytes")
          .history(10, Duration.ofMinutes(1))
          .recover(true)
          .may(Who.AUTHENTICATED)
          .json(false)
          .build();

  private final TestNode node =
      new TestNode(
          NodeOptions.of(TestNode.store())
              .namespaces(TestNode.OPEN, BYTES)
              .heartbeat(Duration.ofSeconds(3), Duration.ofSeconds(2)));
  private final ProtobufClient ann = ProtobufClient.open(node.uri(), TestTokens.of("ann"));

  @AfterEach
  void close() {
    ann.close();
    node.close();
  }

  private static ClientProto.Command.Builder subscribe(String channel) {
    return command().setSubscribe(SubscribeRequest.newBuilder().setChannel(channel));
  }

  private static ClientProto.Command.Builder publish(String channel, ByteString data) {
    return command().setPublish(PublishRequest.newBuilder().setChannel(channel).setData(data));
  }

  private static ClientProto.Command.Builder publish(String channel, String data) {
    return publish(channel, ByteString.copyFromUtf8(data));
  }

  private static ClientProto.Publication pub(ProtobufClient client, long offset) {
    return client.awaitMessage(m -> m.getPush().getPub().getOffset() == offset).getPush().getPub();
  }

  @Test
  void theSubprotocolIsAnsweredAndConnectionsAreCountedByIt() {
    assertThat(ann.subprotocol()).isEqualTo("centrifuge-protobuf");
    assertThat(
            node.metric(
                "tidegate_connections_opened_total",
                List.of("protocol", "transport"),
                List.of("protobuf", "ws")))
        .isEqualTo(1);
  }

  @Test
  void theTokenMayStandBesideTheSubprotocol() {
    try (ProtobufClient bob = ProtobufClient.connect(node.uri(), TestTokens.of("bob"))) {
      ClientProto.Reply reply =
          bob.command(command().setConnect(ConnectRequest.getDefaultInstance()));
      assertThat(reply.getConnect().getClient()).isNotEmpty();
      assertThat(reply.getConnect().getPing()).isEqualTo(3);
      assertThat(reply.getConnect().getPong()).isTrue();
    }
  }

  @Test
  void whatIsPublishedInOneFormIsReadInTheOther() {
    try (TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"))) {
      bob.command("subscribe", new JsonObject().put("channel", "news"));
      assertThat(ann.command(subscribe("news")).getSubscribe().getRecoverable()).isTrue();
      assertThat(ann.command(publish("news", "{\"x\":\n1}")).hasPublish()).isTrue();
      bob.command("publish", new JsonObject().put("channel", "news").put("data", "ž"));

      bob.awaitMessage(m -> bob.pushes("news", "pub").size() == 2);
      assertThat(bob.pushes("news", "pub").get(0).getJsonObject("data").encode())
          .isEqualTo("{\"x\":1}");
      assertThat(pub(ann, 1).getData().toStringUtf8()).isEqualTo("{\"x\":1}");
      assertThat(pub(ann, 2).getData().toStringUtf8()).isEqualTo("\"ž\"");
      assertThat(pub(ann, 2).getInfo().getUser()).isEqualTo("bob");
    }
  }

  @Test
  void dataOfAJsonChannelMustBeJson() {
    ClientProto.Reply reply = ann.command(publish("news", "{"));
    assertThat(reply.getError().getCode()).isEqualTo(107);
    assertThat(reply.getError().getMessage())
        .isEqualTo("bad request: publish.data: not valid JSON (expected: one JSON value)");
  }

  @Test
  void aChannelOfBytesTakesAnyAndShowsThemToNoJsonClient() {
    ByteString data = ByteString.copyFrom(new byte[] {0, -1, '\n'});
    ann.command(subscribe("bytes:x"));
    assertThat(ann.command(publish("bytes:x", data)).hasPublish()).isTrue();
    assertThat(pub(ann, 1).getData()).isEqualTo(data);
    try (TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"))) {
      JsonObject all = new JsonObject().put("channel", "bytes:x").put("limit", -1);
      for (String command : List.of("subscribe", "history")) {
        assertThat(bob.command(command, all).getJsonObject("error").getString("message"))
            .isEqualTo("not available: channel: bytes (expected: JSON)");
      }
    }
  }

  @Test
  void historyPresenceAndRecoveryAreToldAsInJson() {
    ann.command(subscribe("news"));
    ann.command(publish("news", "1"));
    ann.command(publish("news", "2"));
    ClientProto.HistoryResult history =
        ann.command(
                command().setHistory(HistoryRequest.newBuilder().setChannel("news").setLimit(-1)))
            .getHistory();
    assertThat(history.getPublicationsList())
        .extracting(ClientProto.Publication::getOffset)
        .containsExactly(1L, 2L);
    assertThat(history.getOffset()).isEqualTo(2);

    assertThat(
            ann.command(command().setPresence(PresenceRequest.newBuilder().setChannel("news")))
                .getPresence()
                .getPresenceMap()
                .values())
        .extracting(ClientProto.ClientInfo::getUser)
        .containsExactly("ann");
    assertThat(
            ann.command(
                    command()
                        .setPresenceStats(PresenceStatsRequest.newBuilder().setChannel("news")))
                .getPresenceStats()
                .getNumUsers())
        .isEqualTo(1);

    ann.command(command().setUnsubscribe(UnsubscribeRequest.newBuilder().setChannel("news")));
    ClientProto.SubscribeResult recovered =
        ann.command(
                command()
                    .setSubscribe(
                        SubscribeRequest.newBuilder()
                            .setChannel("news")
                            .setRecover(true)
                            .setEpoch(history.getEpoch())
                            .setOffset(1)))
            .getSubscribe();
    assertThat(recovered.getRecovered()).isTrue();
    assertThat(recovered.getPublicationsList())
        .extracting(ClientProto.Publication::getOffset)
        .containsExactly(2L);
  }

  @Test
  void joinsArriveWhereTheyWereAskedFor() {
    ann.command(
        command()
            .setSubscribe(SubscribeRequest.newBuilder().setChannel("room").setJoinLeave(true)));
    try (ProtobufClient bob = ProtobufClient.open(node.uri(), TestTokens.of("bob"))) {
      bob.command(subscribe("room"));
      ann.awaitMessage(m -> m.getPush().getJoin().getInfo().getUser().equals("bob"));
    }
    ann.awaitMessage(m -> m.getPush().getLeave().getInfo().getUser().equals("bob"));
  }

  @Test
  void severalCommandsMayComeInOneFrame() {
    ann.send(
        command().setId(100).setPing(PingRequest.getDefaultInstance()).build(),
        command().build(),
        publish("news", "1").setId(101).build(),
        command().setId(102).setPing(PingRequest.getDefaultInstance()).build());
    for (int id : List.of(100, 101, 102)) {
      assertThat(ann.awaitMessage(m -> m.getId() == id).hasError()).isFalse();
    }
  }

  @Test
  void pingsAreAnsweredByTheEmptyMessage() {
    ann.awaitPings(2);
    assertThat(ann.command(command().setPing(PingRequest.getDefaultInstance())).hasPing()).isTrue();
  }

  @Test
  void whatIsNoMessageClosesWithBadRequest() {
    ann.send(new byte[] {5, 1});
    assertThat(ann.awaitClose()).isEqualTo(3501);
  }

  @Test
  void aTextFrameClosesWithBadRequest() {
    ann.sendText("{\"id\":1,\"ping\":{}}");
    assertThat(ann.awaitClose()).isEqualTo(3501);
  }
}
