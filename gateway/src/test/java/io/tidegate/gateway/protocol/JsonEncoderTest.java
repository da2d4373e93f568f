package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class JsonEncoderTest {
  private static final ClientInfo ANN =
      new ClientInfo("c1", "ann", Payload.utf8("{\"n\":1}"), Payload.utf8("2"));
  private static final ClientInfo NOBODY = new ClientInfo("c2", "", null, null);
  private static final Publication PLAIN =
      new Publication(5, Payload.utf8("{\"x\":0.10}"), null, Map.of(), 0);
  private static final Publication FULL =
      new Publication(6, Payload.utf8("\"ž\""), ANN, Map.of("k", "v"), 1700000000000L);

  private final JsonProtocol protocol = new JsonProtocol();

  private String reply(Reply reply) {
    return new String(protocol.encode(7, reply).bytes(), UTF_8);
  }

  private String push(Push push) {
    return new String(protocol.encode(push).bytes(), UTF_8);
  }

  @Test
  void repliesAreWrittenAsClientsExpectThem() {
    assertThat(
            reply(
                new Reply.Connected(
                    "c", "0.1", 60L, Payload.utf8("[]"), 25, true, "s", "n", Map.of())))
        .isEqualTo(
            "{\"id\":7,\"connect\":{\"client\":\"c\",\"version\":\"0.1\",\"expires\":true,\"ttl\":60,"
                + "\"data\":[],\"ping\":25,\"pong\":true,\"session\":\"s\",\"node\":\"n\"}}");
    assertThat(reply(new Reply.Connected("c", "0.1", null, null, 0, true, "s", "n", Map.of())))
        .isEqualTo(
            "{\"id\":7,\"connect\":{\"client\":\"c\",\"version\":\"0.1\",\"session\":\"s\",\"node\":\"n\"}}");
    assertThat(reply(new Reply.Refreshed("c", "0.1", 9L)))
        .isEqualTo(
            "{\"id\":7,\"refresh\":{\"client\":\"c\",\"version\":\"0.1\",\"expires\":true,\"ttl\":9}}");
    assertThat(
            reply(
                new Reply.Subscribed(
                    true,
                    true,
                    new StreamPosition("e", 6),
                    true,
                    true,
                    List.of(PLAIN, FULL),
                    null,
                    null)))
        .isEqualTo(
            "{\"id\":7,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\"e\","
                + "\"offset\":6,\"was_recovering\":true,\"recovered\":true,\"publications\":["
                + "{\"data\":{\"x\":0.10},\"offset\":5},"
                + "{\"data\":\"ž\",\"offset\":6,\"info\":{\"client\":\"c1\",\"user\":\"ann\","
                + "\"conn_info\":{\"n\":1},\"chan_info\":2},\"tags\":{\"k\":\"v\"},"
                + "\"time\":1700000000000}]}}");
    assertThat(reply(new Reply.Subscribed(false, false, null, false, false, List.of(), null, null)))
        .isEqualTo("{\"id\":7,\"subscribe\":{}}");
    assertThat(
            reply(
                new Reply.Connected(
                    "c", "0.1", null, null, 0, true, "s", "n", Map.of("news", granted()))))
        .isEqualTo(
            "{\"id\":7,\"connect\":{\"client\":\"c\",\"version\":\"0.1\",\"subs\":{\"news\":{"
                + "\"expires\":true,\"ttl\":60,\"positioned\":true,\"epoch\":\"e\",\"offset\":6,"
                + "\"data\":{\"x\":0}}},\"session\":\"s\",\"node\":\"n\"}}");
    assertThat(reply(new Reply.SubRefreshed(9L)))
        .isEqualTo("{\"id\":7,\"sub_refresh\":{\"expires\":true,\"ttl\":9}}");
    assertThat(reply(new Reply.History(List.of(), new StreamPosition("e", 0))))
        .isEqualTo("{\"id\":7,\"history\":{\"publications\":[],\"epoch\":\"e\"}}");
    assertThat(reply(new Reply.Presence(Map.of("c2", NOBODY))))
        .isEqualTo(
            "{\"id\":7,\"presence\":{\"presence\":{\"c2\":{\"client\":\"c2\",\"user\":\"\"}}}}");
    assertThat(reply(new Reply.PresenceStats(3, 2)))
        .isEqualTo("{\"id\":7,\"presence_stats\":{\"num_clients\":3,\"num_users\":2}}");
    assertThat(reply(Reply.Empty.PUBLISHED)).isEqualTo("{\"id\":7,\"publish\":{}}");
    assertThat(reply(Reply.Empty.UNSUBSCRIBED)).isEqualTo("{\"id\":7,\"unsubscribe\":{}}");
    assertThat(reply(Reply.Empty.PONG)).isEqualTo("{\"id\":7,\"ping\":{}}");
    assertThat(reply(new Reply.Rpc(Payload.utf8("1"))))
        .isEqualTo("{\"id\":7,\"rpc\":{\"data\":1}}");
  }

  @Test
  void errorsCarryTheirCodeAndWhetherTheyPass() {
    assertThat(reply(Reply.Failed.of(ErrorCode.TOO_MANY_REQUESTS)))
        .isEqualTo(
            "{\"id\":7,\"error\":{\"code\":111,\"message\":\"too many requests\",\"temporary\":true}}");
    assertThat(reply(new Reply.Failed(ErrorCode.BAD_REQUEST, "x: \"1\" (expected: 2)")))
        .isEqualTo(
            "{\"id\":7,\"error\":{\"code\":107,\"message\":\"bad request: x: \\\"1\\\" (expected: 2)\"}}");
  }

  @Test
  void pushesAreWrittenAsClientsExpectThem() {
    assertThat(push(new Push.Published("news", PLAIN, true, true)))
        .isEqualTo(
            "{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":{\"x\":0.10},\"offset\":5}}}");
    assertThat(push(new Push.Published("news", PLAIN, false, true)))
        .isEqualTo("{\"push\":{\"channel\":\"news\",\"pub\":{\"data\":{\"x\":0.10}}}}");
    assertThat(push(new Push.Join("news", NOBODY)))
        .isEqualTo(
            "{\"push\":{\"channel\":\"news\",\"join\":{\"info\":{\"client\":\"c2\",\"user\":\"\"}}}}");
    assertThat(push(new Push.Leave("news", ANN)))
        .isEqualTo(
            "{\"push\":{\"channel\":\"news\",\"leave\":{\"info\":{\"client\":\"c1\",\"user\":\"ann\","
                + "\"conn_info\":{\"n\":1},\"chan_info\":2}}}}");
    assertThat(push(new Push.Unsubscribed("news", UnsubscribeCode.INSUFFICIENT_STATE)))
        .isEqualTo(
            "{\"push\":{\"channel\":\"news\",\"unsubscribe\":{\"code\":2500,"
                + "\"reason\":\"insufficient state\"}}}");
  }

  @Test
  void emptyDataNeverSpoilAFrame() {
    var publication = new Publication(1, Payload.EMPTY, null, Map.of(), 0);
    assertThat(push(new Push.Published("c", publication, false, true)))
        .isEqualTo("{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":null}}}");
  }

  @Property
  void anyNameIsReadBackByAnotherParser(
      @ForAll String channel, @ForAll String key, @ForAll String user) throws Exception {
    var info = new ClientInfo("c", user, null, null);
    var publication = new Publication(1, Payload.utf8("1"), info, Map.of(key, channel), 1);
    byte[] frame = protocol.encode(new Push.Published(channel, publication, true, true)).bytes();
    assertThat(Utf8.valid(frame, 0, frame.length)).isTrue();
    assertThat(frame).doesNotContain('\n', '\r');
    var push = new ObjectMapper().readTree(frame).get("push");
    assertThat(push.get("channel").textValue()).isEqualTo(channel);
    assertThat(push.at("/pub/info/user").textValue()).isEqualTo(user);
    assertThat(push.get("pub").get("tags").get(key).textValue()).isEqualTo(channel);
  }

  private static Reply.Subscribed granted() {
    return new Reply.Subscribed(
        false,
        true,
        new StreamPosition("e", 6),
        false,
        false,
        List.of(),
        60L,
        Payload.utf8("{\"x\":0}"));
  }
}
