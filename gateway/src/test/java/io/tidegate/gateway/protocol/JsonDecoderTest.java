package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonDecoderTest {
  private final JsonProtocol protocol = new JsonProtocol(4);

  private List<Command> decode(String frame) throws MalformedFrameException {
    var commands = new ArrayList<Command>();
    protocol.decode(frame.getBytes(UTF_8), true, commands::add);
    return commands;
  }

  private Command one(String frame) throws MalformedFrameException {
    List<Command> commands = decode(frame);
    assertThat(commands).hasSize(1);
    return commands.get(0);
  }

  @Test
  void everyCommandIsRead() throws Exception {
    assertThat(
            one(
                "{\"id\":1,\"connect\":{\"token\":\"t\",\"data\":{\"a\":1},\"name\":\"js\","
                    + "\"version\":\"5\",\"headers\":{\"x\":\"y\"},\"subs\":{\"c\":{\"recover\":true}}}}"))
        .isEqualTo(
            new Command.Connect(
                1,
                "t",
                Payload.utf8("{\"a\":1}"),
                "js",
                "5",
                Map.of("c", new StreamPosition("", 0))));
    assertThat(one("{\"connect\":{},\"id\":1}"))
        .isEqualTo(new Command.Connect(1, null, null, "", "", Map.of()));
    assertThat(
            one(
                "{\"id\":2,\"subscribe\":{\"channel\":\"news\",\"token\":\"t\",\"data\":[1],"
                    + "\"positioned\":true,\"recoverable\":true,\"join_leave\":true,\"flag\":1,"
                    + "\"recover\":true,\"offset\":7,\"epoch\":\"e\"}}"))
        .isEqualTo(
            new Command.Subscribe(
                2,
                "news",
                "t",
                Payload.utf8("[1]"),
                true,
                true,
                true,
                new StreamPosition("e", 7),
                false));
    assertThat(one("{\"id\":3,\"unsubscribe\":{\"channel\":\"news\"}}"))
        .isEqualTo(new Command.Unsubscribe(3, "news"));
    assertThat(one("{\"id\":4,\"publish\":{\"channel\":\"news\",\"data\":{\"x\":1.50}}}"))
        .isEqualTo(new Command.Publish(4, "news", Payload.utf8("{\"x\":1.50}")));
    assertThat(one("{\"id\":5,\"presence\":{\"channel\":\"news\"}}"))
        .isEqualTo(new Command.Presence(5, "news"));
    assertThat(one("{\"id\":6,\"presence_stats\":{\"channel\":\"news\"}}"))
        .isEqualTo(new Command.PresenceStats(6, "news"));
    assertThat(
            one(
                "{\"id\":7,\"history\":{\"channel\":\"news\",\"limit\":-1,\"reverse\":true,"
                    + "\"since\":{\"offset\":3,\"epoch\":\"e\",\"future\":{}}}}"))
        .isEqualTo(new Command.History(7, "news", -1, new StreamPosition("e", 3), true));
    assertThat(one("{\"id\":8,\"rpc\":{\"method\":\"m\",\"data\":\"d\"}}"))
        .isEqualTo(new Command.Rpc(8, "m", Payload.utf8("\"d\"")));
    assertThat(one("{\"send\":{\"data\":{}}}")).isEqualTo(new Command.Send(Payload.utf8("{}")));
    assertThat(one("{\"id\":9,\"refresh\":{\"token\":\"t\"}}"))
        .isEqualTo(new Command.Refresh(9, "t"));
    assertThat(one("{\"id\":10,\"sub_refresh\":{\"channel\":\"c\",\"token\":\"t\"}}"))
        .isEqualTo(new Command.SubRefresh(10, "c", "t"));
    assertThat(one("{\"id\":4294967295,\"ping\":{}}")).isEqualTo(new Command.Ping(4294967295L));
    assertThat(one("{}")).isEqualTo(new Command.Pong());
  }

  @Test
  void severalMessagesMayStandInOneFrame() throws Exception {
    assertThat(decode("{\"id\":1,\"ping\":{}}\n{}\r\n\n { \"id\" :\n2, \"ping\": {\n} }\n"))
        .containsExactly(new Command.Ping(1), new Command.Pong(), new Command.Ping(2));
  }

  @Test
  void commandsBeforeAMalformedOneAreHandedOver() {
    var commands = new ArrayList<Command>();
    byte[] frame = "{\"id\":1,\"ping\":{}}\n{\"id\":2,".getBytes(UTF_8);
    assertThatThrownBy(() -> protocol.decode(frame, true, commands::add))
        .isInstanceOf(MalformedFrameException.class);
    assertThat(commands).containsExactly(new Command.Ping(1));
  }

  @Test
  void aFrameHoldsABoundedNumberOfMessages() throws Exception {
    assertThat(decode("{}\n{}\n{}\n{}")).hasSize(4);
    assertThatThrownBy(() -> decode("{}\n{}\n{}\n{}\n{}"))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessage("frame: more messages (expected: at most 4)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "[]",
        "1",
        "\"x\"",
        "null",
        "{",
        "{\"id\":1,\"ping\":{}",
        "{\"id\":1,\"ping\":{}}}",
        "{id:1}",
        "{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":tru}}",
        "{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":\"open}}",
        "{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":\"raw\nbreak\"}}",
        "{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":01}}",
        "{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":}}",
        "{\"ping\":{}}",
        "{\"id\":0,\"ping\":{}}",
        "{\"id\":null,\"ping\":{}}",
        "{\"id\":-1,\"ping\":{}}",
        "{\"id\":1.0,\"ping\":{}}",
        "{\"id\":\"1\",\"ping\":{}}",
        "{\"id\":{},\"ping\":{}}",
        "{\"id\":4294967296,\"ping\":{}}",
        "{\"id\":99999999999999999999999,\"ping\":{}}",
        "{\"send\":1}",
        "{\"whatever\":{}}",
        "\ufeff{}",
      })
  void whatIsNoMessageIsMalformed(String frame) {
    assertThatThrownBy(() -> decode(frame)).isInstanceOf(MalformedFrameException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                     | command: missing (expected: exactly one)
          {"ping":null}                          | command: missing (expected: exactly one)
          {"ping":{},"connect":{}}               | command: 2 of them (expected: exactly one)
          {"ping":{},"ping":{}}                  | command: 2 of them (expected: exactly one)
          {"ping":[]}                            | ping: of another type (expected: an object)
          {"publish":{"data":1}}                 | publish.channel: missing or empty (expected: a string)
          {"publish":{"channel":"","data":1}}    | publish.channel: missing or empty (expected: a string)
          {"publish":{"channel":7,"data":1}}     | publish.channel: of another type (expected: a string)
          {"publish":{"channel":"\\ud800","data":1}} | publish.channel: half a surrogate pair (expected: Unicode text)
          {"publish":{"channel":"c"}}            | publish.data: missing (expected: a JSON value)
          {"subscribe":{"channel":null}}         | subscribe.channel: missing or empty (expected: a string)
          {"subscribe":{"channel":"c","recover":1}} | subscribe.recover: of another type (expected: true or false)
          {"subscribe":{"channel":"c","recover":true,"offset":-1}} | subscribe.offset: -1 (expected: a whole number from 0 to 9223372036854775807)
          {"subscribe":{"channel":"c","recover":true,"offset":"1"}} | subscribe.offset: not such a number (expected: a whole number from 0 to 9223372036854775807)
          {"subscribe":{"channel":"c","recover":true,"epoch":1}} | subscribe.epoch: of another type (expected: a string)
          {"history":{"channel":"c","limit":-2}} | history.limit: -2 (expected: a whole number from -1 to 2147483647)
          {"history":{"channel":"c","limit":1e3}} | history.limit: not such a number (expected: a whole number from -1 to 2147483647)
          {"history":{"channel":"c","since":1}}  | history.since: of another type (expected: an object with epoch and offset)
          {"history":{"channel":"c","since":{"offset":1}}} | history.since.epoch: missing or empty (expected: the epoch of a position)
          {"history":{"channel":"c","since":{"epoch":"e","offset":9223372036854775808}}} | history.offset: not such a number (expected: a whole number from 0 to 9223372036854775807)
          {"refresh":{}}                         | refresh.token: missing or empty (expected: a string)
          {"sub_refresh":{"channel":"c"}}        | sub_refresh.token: missing or empty (expected: a string)
          {"connect":{"token":{}}}               | connect.token: of another type (expected: a string)
          """)
  void aBadCommandIsAnsweredWithFieldAndExpectation(String message, String detail)
      throws Exception {
    String fields = message.substring(1, message.length() - 1);
    String behind = fields.isEmpty() ? "{\"id\":3}" : "{" + fields + ",\"id\":3}";
    assertThat(one(behind)).isEqualTo(new Command.Invalid(3, ErrorCode.BAD_REQUEST, detail));
  }

  @Test
  void anUnknownCommandIsNotFound() throws Exception {
    assertThat(one("{\"id\":3,\"teleport\":{\"to\":[1,{}]}}"))
        .isEqualTo(new Command.Invalid(3, ErrorCode.METHOD_NOT_FOUND, ""));
  }

  @Test
  void unknownFieldsAreIgnoredAndTheLastOfTwoCounts() throws Exception {
    assertThat(
            one(
                "{\"x\":[1,{\"id\":9}],\"id\":3,\"publish\":{\"kind\":1,\"channel\":\"a\","
                    + "\"data\":1,\"limit\":{\"data\":5},\"channel\":\"b\",\"data\":\"2\"}}"))
        .isEqualTo(new Command.Publish(3, "b", Payload.utf8("\"2\"")));
  }

  @Test
  void nullIsAnAbsentFieldButDataWhereDataAreNeeded() throws Exception {
    assertThat(
            one("{\"id\":1,\"connect\":{\"token\":null,\"data\":null,\"name\":null},\"rpc\":null}"))
        .isEqualTo(new Command.Connect(1, null, null, "", "", Map.of()));
    assertThat(one("{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":null}}"))
        .isEqualTo(new Command.Publish(1, "c", Payload.utf8("null")));
    assertThat(one("{\"send\":{}}")).isEqualTo(new Command.Send(Payload.utf8("null")));
  }

  @Test
  void connectTellsWhereTheClientStoodInChannelsOfTheServer() throws Exception {
    assertThat(
            one(
                "{\"id\":1,\"connect\":{\"subs\":{\"a\":{\"recover\":true,\"epoch\":\"e\",\"offset\":3},"
                    + "\"b\":{},\"c\":{\"recover\":false,\"offset\":1},\"d\":null}}}"))
        .isEqualTo(
            new Command.Connect(1, null, null, "", "", Map.of("a", new StreamPosition("e", 3))));
    assertThat(one("{\"id\":1,\"connect\":{\"subs\":[]}}"))
        .isEqualTo(
            new Command.Invalid(
                1,
                ErrorCode.BAD_REQUEST,
                "connect.subs: of another type (expected: an object of positions by channel)"));
  }

  @Test
  void whatASubscribeCannotHaveIsNotAvailable() throws Exception {
    assertThat(one("{\"id\":1,\"subscribe\":{\"channel\":\"c\",\"tf\":{}}}"))
        .isEqualTo(
            new Command.Invalid(1, ErrorCode.NOT_AVAILABLE, "subscribe.tf: filters by tags"));
    assertThat(one("{\"id\":1,\"subscribe\":{\"channel\":\"c\",\"type\":1}}"))
        .isEqualTo(new Command.Invalid(1, ErrorCode.NOT_AVAILABLE, "subscribe.type: other than 0"));
    assertThat(one("{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":1,\"type\":1}}"))
        .isEqualTo(new Command.Invalid(1, ErrorCode.NOT_AVAILABLE, "publish.type: other than 0"));
  }

  @Test
  void flagSaysWhetherARecoveryThatFailsIsAnError() throws Exception {
    assertThat(one("{\"id\":1,\"subscribe\":{\"channel\":\"c\",\"flag\":3}}"))
        .isInstanceOfSatisfying(
            Command.Subscribe.class, subscribe -> assertThat(subscribe.recoverOrFail()).isTrue());
  }

  @Test
  void recoveryWithoutAnEpochIsAPositionThatNoStreamHas() throws Exception {
    assertThat(one("{\"id\":1,\"subscribe\":{\"channel\":\"c\",\"recover\":true,\"offset\":3}}"))
        .isInstanceOfSatisfying(
            Command.Subscribe.class,
            subscribe -> assertThat(subscribe.recover()).isEqualTo(new StreamPosition("", 3)));
    assertThat(one("{\"id\":1,\"subscribe\":{\"channel\":\"c\",\"offset\":-3,\"epoch\":\"e\"}}"))
        .isInstanceOfSatisfying(
            Command.Subscribe.class, subscribe -> assertThat(subscribe.recover()).isNull());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "-0.1000",
        "1e400",
        "true",
        "null",
        "\"a\\\"b\\\\\"",
        "\"\\ud800\"",
        "\"žluť 🌊\"",
        "[ ]",
        "{\"a\": 1, \"a\": [2, \"]}\"]}",
        "123456789012345678901234567890",
        "\"\""
      })
  void dataAreCutOutAsTheyCame(String data) throws Exception {
    Payload expected = Payload.utf8(data);
    assertThat(one("{\"id\":1,\"publish\":{\"channel\":\"ž\",\"data\": " + data + " }}"))
        .isEqualTo(new Command.Publish(1, "ž", expected));
    assertThat(one("{\"publish\":{\"data\":" + data + ",\"channel\":\"c\"},\"id\":1}"))
        .isEqualTo(new Command.Publish(1, "c", expected));
  }

  @Test
  void prettyPrintedDataAreCompacted() throws Exception {
    assertThat(
            one("{\"id\":1,\"publish\":{\"channel\":\"c\",\"data\":{\r\n\t\"a b\" : [1,\n 2]\n}}}"))
        .isEqualTo(new Command.Publish(1, "c", Payload.utf8("{\"a b\":[1,2]}")));
  }
}
