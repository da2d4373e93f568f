package io.tidegate.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.protocol.generated.ClientProto;
import io.tidegate.gateway.protocol.generated.ClientProto.ConnectRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.HistoryRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.PingRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.PresenceRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.PresenceStatsRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.PublishRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.RPCRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.RefreshRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.SendRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.SubRefreshRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.SubscribeRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.UnsubscribeRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProtobufDecoderTest {
  private final ProtobufProtocol protocol = new ProtobufProtocol(4);

  private List<Command> decode(byte[] frame) throws MalformedFrameException {
    var commands = new ArrayList<Command>();
    protocol.decode(frame, false, commands::add);
    return commands;
  }

  private Command one(ClientProto.Command.Builder message) throws MalformedFrameException {
    List<Command> commands = decode(ProtobufFrames.of(message.build()));
    assertThat(commands).hasSize(1);
    return commands.get(0);
  }

  private static ClientProto.Command.Builder id(int id) {
    return ClientProto.Command.newBuilder().setId(id);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static byte[] hex(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  @Test
  void everyCommandIsRead() throws Exception {
    SubscribeRequest stood =
        SubscribeRequest.newBuilder().setRecover(true).setEpoch("e").setOffset(3).build();
    assertThat(
            one(
                id(1)
                    .setConnect(
                        ConnectRequest.newBuilder()
                            .setToken("t")
                            .setData(bytes("{}"))
                            .setName("java")
                            .setVersion("5")
                            .putSubs("a", stood)
                            .putSubs("b", SubscribeRequest.getDefaultInstance()))))
        .isEqualTo(
            new Command.Connect(
                1, "t", Payload.utf8("{}"), "java", "5", Map.of("a", new StreamPosition("e", 3))));
    assertThat(
            one(
                id(2)
                    .setSubscribe(
                        stood.toBuilder()
                            .setChannel("news")
                            .setToken("t")
                            .setData(ByteString.copyFrom(new byte[] {0, -1}))
                            .setPositioned(true)
                            .setRecoverable(true)
                            .setJoinLeave(true)
                            .setDelta("fossil")
                            .setFlag(3))))
        .isEqualTo(
            new Command.Subscribe(
                2,
                "news",
                "t",
                Payload.of(new byte[] {0, -1}),
                true,
                true,
                true,
                new StreamPosition("e", 3),
                true));
    assertThat(one(id(3).setUnsubscribe(UnsubscribeRequest.newBuilder().setChannel("news"))))
        .isEqualTo(new Command.Unsubscribe(3, "news"));
    assertThat(
            one(
                id(4)
                    .setPublish(
                        PublishRequest.newBuilder().setChannel("ž").setData(bytes("not JSON")))))
        .isEqualTo(new Command.Publish(4, "ž", Payload.utf8("not JSON")));
    assertThat(one(id(5).setPresence(PresenceRequest.newBuilder().setChannel("c"))))
        .isEqualTo(new Command.Presence(5, "c"));
    assertThat(one(id(6).setPresenceStats(PresenceStatsRequest.newBuilder().setChannel("c"))))
        .isEqualTo(new Command.PresenceStats(6, "c"));
    assertThat(
            one(
                id(7)
                    .setHistory(
                        HistoryRequest.newBuilder()
                            .setChannel("c")
                            .setLimit(-1)
                            .setReverse(true)
                            .setSince(
                                ClientProto.StreamPosition.newBuilder()
                                    .setEpoch("e")
                                    .setOffset(Long.MAX_VALUE)))))
        .isEqualTo(new Command.History(7, "c", -1, new StreamPosition("e", Long.MAX_VALUE), true));
    assertThat(one(id(8).setRpc(RPCRequest.newBuilder().setMethod("m").setData(bytes("1")))))
        .isEqualTo(new Command.Rpc(8, "m", Payload.utf8("1")));
    assertThat(one(id(9).setRefresh(RefreshRequest.newBuilder().setToken("t"))))
        .isEqualTo(new Command.Refresh(9, "t"));
    assertThat(
            one(id(10).setSubRefresh(SubRefreshRequest.newBuilder().setChannel("c").setToken("t"))))
        .isEqualTo(new Command.SubRefresh(10, "c", "t"));
    assertThat(one(id(-1).setPing(PingRequest.getDefaultInstance())))
        .isEqualTo(new Command.Ping(4294967295L));
    assertThat(one(ClientProto.Command.newBuilder())).isEqualTo(new Command.Pong());
  }

  @Test
  void sendNeedsNoIdAndMayHaveOne() throws Exception {
    SendRequest send = SendRequest.newBuilder().setData(bytes("1")).build();
    assertThat(one(ClientProto.Command.newBuilder().setSend(send)))
        .isEqualTo(new Command.Send(Payload.utf8("1")));
    assertThat(one(id(7).setSend(send))).isEqualTo(new Command.Send(Payload.utf8("1")));
  }

  @Test
  void dataThatAreNotThereAreNullWhereTheyMayBeLeftOut() throws Exception {
    assertThat(one(id(1).setConnect(ConnectRequest.getDefaultInstance())))
        .isEqualTo(new Command.Connect(1, null, null, "", "", Map.of()));
    assertThat(one(id(1).setRpc(RPCRequest.getDefaultInstance())))
        .isEqualTo(new Command.Rpc(1, "", Payload.utf8("null")));
    assertThat(one(ClientProto.Command.newBuilder().setSend(SendRequest.getDefaultInstance())))
        .isEqualTo(new Command.Send(Payload.utf8("null")));
  }

  @Test
  void severalMessagesMayStandInOneFrame() throws Exception {
    ClientProto.Command ping = id(1).setPing(PingRequest.getDefaultInstance()).build();
    assertThat(decode(ProtobufFrames.of(ping, ClientProto.Command.getDefaultInstance(), ping)))
        .containsExactly(new Command.Ping(1), new Command.Pong(), new Command.Ping(1));
  }

  @Test
  void commandsBeforeAMalformedOneAreHandedOver() {
    var commands = new ArrayList<Command>();
    assertThatThrownBy(() -> protocol.decode(hex("04 08 01 5a 00 05 08 02"), false, commands::add))
        .isInstanceOf(MalformedFrameException.class);
    assertThat(commands).containsExactly(new Command.Ping(1));
  }

  @Test
  void aFrameHoldsABoundedNumberOfMessages() throws Exception {
    assertThat(decode(hex("00 00 00 00"))).hasSize(4);
    assertThatThrownBy(() -> decode(hex("00 00 00 00 00")))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("frame: more messages (expected: at most 4)");
  }

  @Test
  void aTextFrameIsMalformed() {
    assertThatThrownBy(() -> protocol.decode(new byte[] {0}, true, command -> {}))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("text frame (expected: binary)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          05 08 01                      | shorter than its length
          ff ff ff ff 0f                | a length of -1
          ff ff ff ff 07                | a length of 2 GiB
          80 80 80 80 80 00             | a length of six bytes
          80                            | half a length
          02 5a 00                      | no id
          04 08 00 5a 00                | an id of 0
          02 3a 05                      | a command longer than its message
          03 08 01 80                   | half a tag
          03 08 01 00                   | a tag of field 0
          03 08 01 0f                   | a type of the wire that there is not
          03 08 01 0c                   | the end of a group that has not begun
          03 08 01 83                   | the tag of a group, halved
          04 08 01 a3 06                | a group without its end
          07 08 01 a3 06 ac 06 00       | a group with the end of another
          07 08 01 3a 03 0a 01 ff       | a channel that is not UTF-8
          0b 08 ff ff ff ff ff ff ff ff ff ff | an id of more than ten bytes
          """)
  void whatIsNoMessageIsMalformed(String frame, String why) {
    assertThatThrownBy(() -> decode(hex(frame)))
        .as(why)
        .isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining("(expected: ");
  }

  @Test
  void anEmptyFrameIsMalformed() {
    assertThatThrownBy(() -> decode(new byte[0])).isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void groupsWithinGroupsAreBounded() {
    byte[] frame = new byte[3 + 60_000];
    Arrays.fill(frame, (byte) 0x0b); // The start of one, each.
    frame[0] = (byte) 0xe0;
    frame[1] = (byte) 0xd4;
    frame[2] = 3;
    assertThatThrownBy(() -> decode(frame)).isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void aBadCommandIsAnsweredWithFieldAndExpectation() throws Exception {
    bad(id(3), "command: missing (expected: exactly one)");
    bad(
        id(3)
            .setPing(PingRequest.getDefaultInstance())
            .setRpc(RPCRequest.newBuilder().setMethod("m")),
        "command: 2 of them (expected: exactly one)");
    bad(
        id(3).setPublish(PublishRequest.newBuilder().setData(bytes("1"))),
        "publish.channel: missing or empty (expected: a string)");
    bad(
        id(3).setPublish(PublishRequest.newBuilder().setChannel("c")),
        "publish.data: missing (expected: a JSON value)");
    bad(
        id(3).setHistory(HistoryRequest.newBuilder().setChannel("c").setLimit(-2)),
        "history.limit: -2 (expected: a whole number from -1 to 2147483647)");
    bad(
        id(3)
            .setHistory(
                HistoryRequest.newBuilder()
                    .setChannel("c")
                    .setSince(ClientProto.StreamPosition.newBuilder().setOffset(1))),
        "history.since.epoch: missing or empty (expected: the epoch of a position)");
    bad(
        id(3)
            .setSubscribe(
                SubscribeRequest.newBuilder().setChannel("c").setRecover(true).setOffset(-1)),
        "subscribe.offset: not such a number"
            + " (expected: a whole number from 0 to 9223372036854775807)");
    bad(
        id(3).setRefresh(RefreshRequest.getDefaultInstance()),
        "refresh.token: missing or empty (expected: a string)");
  }

  private void bad(ClientProto.Command.Builder message, String detail) throws Exception {
    assertThat(one(message)).isEqualTo(new Command.Invalid(3, ErrorCode.BAD_REQUEST, detail));
  }

  @Test
  void whatASubscribeCannotHaveIsNotAvailable() throws Exception {
    SubscribeRequest.Builder subscribe = SubscribeRequest.newBuilder().setChannel("c");
    assertThat(one(id(1).setSubscribe(subscribe.clone().setTf(bytes("\n\002eq")))))
        .isEqualTo(
            new Command.Invalid(1, ErrorCode.NOT_AVAILABLE, "subscribe.tf: filters by tags"));
    // Present is enough: a filter of default values is one too.
    assertThat(decode(hex("09 08 01 2a 05 0a 01 63 6a 00")))
        .containsExactly(
            new Command.Invalid(1, ErrorCode.NOT_AVAILABLE, "subscribe.tf: filters by tags"));
    assertThat(one(id(1).setSubscribe(subscribe.clone().setType(4))))
        .isEqualTo(new Command.Invalid(1, ErrorCode.NOT_AVAILABLE, "subscribe.type: other than 0"));
    assertThat(
            one(
                id(1)
                    .setPublish(
                        PublishRequest.newBuilder()
                            .setChannel("c")
                            .setData(bytes("1"))
                            .setType(1))))
        .isEqualTo(new Command.Invalid(1, ErrorCode.NOT_AVAILABLE, "publish.type: other than 0"));
  }

  @Test
  void unknownFieldsAreSkippedAndAnUnknownCommandIsNotFound() throws Exception {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                99,
                UnknownFieldSet.Field.newBuilder()
                    .addVarint(-1)
                    .addFixed32(1)
                    .addFixed64(1)
                    .addLengthDelimited(bytes("x"))
                    .addGroup(UnknownFieldSet.getDefaultInstance())
                    .build())
            .build();
    PublishRequest publish =
        PublishRequest.newBuilder()
            .setChannel("c")
            .setData(bytes("1"))
            .setUnknownFields(unknown)
            .build();
    assertThat(one(id(1).setPublish(publish).setUnknownFields(unknown)))
        .isEqualTo(new Command.Publish(1, "c", Payload.utf8("1")));
    assertThat(one(id(1).setUnknownFields(unknown)))
        .isEqualTo(new Command.Invalid(1, ErrorCode.METHOD_NOT_FOUND, ""));
  }

  @Test
  void ofAFieldGivenTwiceTheLastCountsAndOneOfAnotherTypeIsUnknown() throws Exception {
    // Channel "a", then "b"; data as a number; data "1"; a channel as a number.
    assertThat(decode(hex("11 08 01 3a 0d 0a 01 61 0a 01 62 10 05 12 01 31 08 01")))
        .containsExactly(new Command.Publish(1, "b", Payload.utf8("1")));
  }
}
