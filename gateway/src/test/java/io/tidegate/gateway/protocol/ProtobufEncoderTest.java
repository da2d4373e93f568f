package io.tidegate.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.protocol.generated.ClientProto;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProtobufEncoderTest {
  private static final ClientInfo ANN =
      new ClientInfo("c1", "ann", Payload.utf8("{}"), Payload.utf8("2"));
  private static final Publication PLAIN =
      new Publication(5, Payload.of(new byte[] {0, -1}), null, Map.of(), 0);
  private static final Publication FULL =
      new Publication(1L << 40, Payload.utf8("\"ž\""), ANN, Map.of("k", "v"), 1700000000000L);
  private static final ClientProto.ClientInfo ANN_READ =
      ClientProto.ClientInfo.newBuilder()
          .setClient("c1")
          .setUser("ann")
          .setConnInfo(bytes("{}"))
          .setChanInfo(bytes("2"))
          .build();
  private static final ClientProto.Publication PLAIN_READ =
      ClientProto.Publication.newBuilder()
          .setData(ByteString.copyFrom(new byte[] {0, -1}))
          .setOffset(5)
          .build();
  private static final ClientProto.Publication FULL_READ =
      ClientProto.Publication.newBuilder()
          .setData(bytes("\"ž\""))
          .setOffset(1L << 40)
          .setInfo(ANN_READ)
          .putTags("k", "v")
          .setTime(1700000000000L)
          .build();

  private final ProtobufProtocol protocol = new ProtobufProtocol();

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static ClientProto.Reply.Builder seven() {
    return ClientProto.Reply.newBuilder().setId(7);
  }

  private void replyIs(Reply reply, ClientProto.Reply.Builder read) {
    Encoded encoded = protocol.encode(7, reply);
    assertThat(encoded.text()).isFalse();
    assertThat(ProtobufFrames.reply(encoded)).isEqualTo(read.build());
  }

  private void pushIs(Push push, ClientProto.Push.Builder read) {
    assertThat(ProtobufFrames.reply(protocol.encode(push)))
        .isEqualTo(ClientProto.Reply.newBuilder().setPush(read).build());
  }

  @Test
  void repliesAreWrittenAsClientsExpectThem() {
    var granted =
        new Reply.Subscribed(
            true,
            true,
            new StreamPosition("e", 6),
            true,
            true,
            List.of(PLAIN, FULL),
            60L,
            Payload.utf8("0"));
    var grantedRead =
        ClientProto.SubscribeResult.newBuilder()
            .setRecoverable(true)
            .setPositioned(true)
            .setEpoch("e")
            .setOffset(6)
            .setWasRecovering(true)
            .setRecovered(true)
            .addPublications(PLAIN_READ)
            .addPublications(FULL_READ)
            .setExpires(true)
            .setTtl(60)
            .setData(bytes("0"))
            .build();
    replyIs(
        new Reply.Connected(
            "c", "0.1", 60L, Payload.utf8("[]"), 25, true, "s", "n", Map.of("news", granted)),
        seven()
            .setConnect(
                ClientProto.ConnectResult.newBuilder()
                    .setClient("c")
                    .setVersion("0.1")
                    .setExpires(true)
                    .setTtl(60)
                    .setData(bytes("[]"))
                    .putSubs("news", grantedRead)
                    .setPing(25)
                    .setPong(true)
                    .setSession("s")
                    .setNode("n")));
    replyIs(
        new Reply.Connected("c", "0.1", null, null, 0, true, "s", "n", Map.of()),
        seven()
            .setConnect(
                ClientProto.ConnectResult.newBuilder()
                    .setClient("c")
                    .setVersion("0.1")
                    .setSession("s")
                    .setNode("n")));
    replyIs(granted, seven().setSubscribe(grantedRead));
    replyIs(
        new Reply.Subscribed(false, false, null, false, false, List.of(), null, null),
        seven().setSubscribe(ClientProto.SubscribeResult.getDefaultInstance()));
    replyIs(
        new Reply.Refreshed("c", "0.1", 9L),
        seven()
            .setRefresh(
                ClientProto.RefreshResult.newBuilder()
                    .setClient("c")
                    .setVersion("0.1")
                    .setExpires(true)
                    .setTtl(9)));
    replyIs(
        new Reply.SubRefreshed(9L),
        seven()
            .setSubRefresh(ClientProto.SubRefreshResult.newBuilder().setExpires(true).setTtl(9)));
    replyIs(
        new Reply.SubRefreshed(null),
        seven().setSubRefresh(ClientProto.SubRefreshResult.getDefaultInstance()));
    replyIs(
        new Reply.History(List.of(PLAIN), new StreamPosition("e", 9)),
        seven()
            .setHistory(
                ClientProto.HistoryResult.newBuilder()
                    .addPublications(PLAIN_READ)
                    .setEpoch("e")
                    .setOffset(9)));
    replyIs(
        new Reply.Presence(Map.of("c1", ANN)),
        seven().setPresence(ClientProto.PresenceResult.newBuilder().putPresence("c1", ANN_READ)));
    replyIs(
        new Reply.PresenceStats(3, 2),
        seven()
            .setPresenceStats(
                ClientProto.PresenceStatsResult.newBuilder().setNumClients(3).setNumUsers(2)));
    replyIs(
        new Reply.Rpc(Payload.utf8("1")),
        seven().setRpc(ClientProto.RPCResult.newBuilder().setData(bytes("1"))));
    replyIs(
        Reply.Empty.PUBLISHED, seven().setPublish(ClientProto.PublishResult.getDefaultInstance()));
    replyIs(
        Reply.Empty.UNSUBSCRIBED,
        seven().setUnsubscribe(ClientProto.UnsubscribeResult.getDefaultInstance()));
    replyIs(Reply.Empty.PONG, seven().setPing(ClientProto.PingResult.getDefaultInstance()));
  }

  @Test
  void errorsCarryTheirCodeAndWhetherTheyPass() {
    replyIs(
        Reply.Failed.of(ErrorCode.TOO_MANY_REQUESTS),
        seven()
            .setError(
                ClientProto.Error.newBuilder()
                    .setCode(111)
                    .setMessage("too many requests")
                    .setTemporary(true)));
    replyIs(
        new Reply.Failed(ErrorCode.BAD_REQUEST, "x"),
        seven().setError(ClientProto.Error.newBuilder().setCode(107).setMessage("bad request: x")));
    replyIs(
        new Reply.ServiceFailed(4091, "full"),
        seven().setError(ClientProto.Error.newBuilder().setCode(4091).setMessage("full")));
  }

  @Test
  void pushesAreWrittenAsClientsExpectThem() {
    var news = ClientProto.Push.newBuilder().setChannel("news").build();
    pushIs(new Push.Published("news", FULL, true, true), news.toBuilder().setPub(FULL_READ));
    pushIs(
        new Push.Published("news", PLAIN, false, false),
        news.toBuilder().setPub(PLAIN_READ.toBuilder().clearOffset()));
    pushIs(
        new Push.Join("news", ANN),
        news.toBuilder().setJoin(ClientProto.Join.newBuilder().setInfo(ANN_READ)));
    pushIs(
        new Push.Leave("news", ANN),
        news.toBuilder().setLeave(ClientProto.Leave.newBuilder().setInfo(ANN_READ)));
    pushIs(
        new Push.Subscribed("news", true, true, new StreamPosition("e", 6), Payload.utf8("0")),
        news.toBuilder()
            .setSubscribe(
                ClientProto.Subscribe.newBuilder()
                    .setRecoverable(true)
                    .setPositioned(true)
                    .setEpoch("e")
                    .setOffset(6)
                    .setData(bytes("0"))));
    pushIs(
        new Push.Unsubscribed("news", UnsubscribeCode.INSUFFICIENT_STATE),
        news.toBuilder()
            .setUnsubscribe(
                ClientProto.Unsubscribe.newBuilder()
                    .setCode(2500)
                    .setReason("insufficient state")));
    pushIs(
        new Push.Message(Payload.utf8("1")),
        ClientProto.Push.newBuilder()
            .setMessage(ClientProto.Message.newBuilder().setData(bytes("1"))));
  }

  @Test
  void thePingIsTheEmptyMessage() {
    assertThat(ProtobufFrames.reply(protocol.ping()))
        .isEqualTo(ClientProto.Reply.getDefaultInstance());
  }
}
