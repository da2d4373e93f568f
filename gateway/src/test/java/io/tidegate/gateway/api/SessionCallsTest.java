package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.auth.SubscriptionOptions.Overrides;
import io.tidegate.gateway.protocol.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** subscribe, unsubscribe, refresh and send: what they tell each node of a cluster of two. */
final class SessionCallsTest {
  private static final Target ANN = new Target("ann", null, null);

  private final ApiFixture api = new ApiFixture(List.of());

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void subscribeReachesEveryNodeWithAllItSays() {
    told(
        "subscribe",
        "{'user':'ann','channel':'news','client':'c1','session':'s1','info':{'a':1},"
            + "'data':[2],'expire_at':1800000060,'recover_since':{'offset':7,'epoch':'e'},"
            + "'override':{'presence':{'value':true},'join_leave':{'value':false},"
            + "'force_push_join_leave':{'value':true},'force_positioning':{},"
            + "'force_recovery':{'value':true}}}",
        new SubscribeRequest(
            new Target("ann", "c1", "s1"),
            "news",
            new SubscriptionOptions(
                Payload.utf8("{\"a\":1}"),
                Payload.utf8("[2]"),
                1_800_000_060_000L,
                new Overrides(true, false, true, false, true)),
            new StreamPosition("e", 7)));
  }

  @Test
  void subscribeOfTheLeastIsForGoodAndFromNowOn() {
    told(
        "subscribe",
        "{'user':'ann','channel':'news','info':null,'b64data':'','client':'','expire_at':0}",
        new SubscribeRequest(ANN, "news", SubscriptionOptions.NONE, null));
  }

  @Test
  void emptyFieldBesideTheOtherCountsAsAbsent() {
    told(
        "subscribe",
        "{'user':'ann','channel':'news','info':null,'b64info':'MQ==','data':2,'b64data':''}",
        new SubscribeRequest(
            ANN,
            "news",
            new SubscriptionOptions(
                Payload.utf8("1"), Payload.utf8("2"), Identity.NEVER, Overrides.NONE),
            null));
  }

  @Test
  void infoAndDataInBase64AreJson() {
    told(
        "subscribe",
        "{'user':'ann','channel':'news','b64info':'eyJhIjoKMX0=','b64data':'MQ=='}",
        new SubscribeRequest(
            ANN,
            "news",
            new SubscriptionOptions(
                Payload.utf8("{\"a\":1}"), Payload.utf8("1"), Identity.NEVER, Overrides.NONE),
            null));
  }

  @Test
  void unsubscribeRefreshAndSendReachEveryNode() {
    told(
        "unsubscribe",
        "{'user':'ann','channel':'news','client':'c1'}",
        new UnsubscribeRequest(new Target("ann", "c1", null), "news"));
    told("refresh", "{'user':'ann'}", new RefreshRequest(ANN, false, Identity.NEVER));
    told(
        "refresh",
        "{'user':'ann','session':'s1','expire_at':1800000060}",
        new RefreshRequest(new Target("ann", null, "s1"), false, 1_800_000_060_000L));
    told("refresh", "{'user':'ann','expired':true}", new RefreshRequest(ANN, true, Identity.NEVER));
    told("send", "{'user':'ann','data':{'a':1}}", new SendRequest(ANN, Payload.utf8("{\"a\":1}")));
    told("send", "{'user':'ann','b64data':'MQ=='}", new SendRequest(ANN, Payload.utf8("1")));
  }

  private void told(String method, String body, SessionRequest expected) {
    api.actions.requests.clear();
    api.otherActions.requests.clear();
    assertThat(api.call(method, body.replace('\'', '"'))).isEqualTo("{\"result\":{}}");
    assertThat(api.actions.requests).containsExactly(expected);
    assertThat(api.otherActions.requests).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "subscribe | {'channel':'news'} | 107 | user (expected: a user's id, not empty)",
        "subscribe | {'user':'ann'} | 107 | channel (expected: a string)",
        "subscribe | {'user':'ann','channel':'a b'} | 107 | channel (expected: printable",
        "subscribe | {'user':'ann','channel':'other:x'} | 102 | unknown channel",
        "subscribe | {'user':'ann','channel':'news','b64info':'!'} | 107 | b64info (expected: base64",
        "subscribe | {'user':'ann','channel':'news','b64info':'aGVsbG8='} | 107 | b64info: not valid",
        "subscribe | {'user':'ann','channel':'news','b64data':'aGVsbG8='} | 107 | b64data: not valid",
        "subscribe | {'user':'ann','channel':'news','info':1,'b64info':'MQ=='} | 107 | b64info (expected: absent",
        "subscribe | {'user':'ann','channel':'news','recover_since':{}} | 107 | epoch (expected: a string)",
        "subscribe | {'user':'ann','channel':'news','override':{'presence':1}} | 107 | presence (expected: an obj",
        "unsubscribe | {'user':'ann','channel':''} | 107 | channel (expected: not empty)",
        "unsubscribe | {'user':'ann','channel':'other:x'} | 102 | unknown channel",
        "refresh | {'user':''} | 107 | user (expected: a user's id, not empty)",
        "send | {'user':'ann'} | 107 | data (expected: data, or b64data in its place)",
        "send | {'user':'ann','b64data':'aGVsbG8='} | 107 | b64data: not valid JSON",
        "send | {'user':'ann','data':1,'b64data':'MQ=='} | 107 | b64data (expected: absent",
      })
  void badArgumentsAreRefusedBeforeAnyNodeIsAsked(
      String method, String body, int code, String message) {
    JsonObject error = error(method, body.replace('\'', '"'));
    assertThat(error.getInteger("code")).isEqualTo(code);
    assertThat(error.getString("message")).contains(message);
    assertThat(api.actions.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"subscribe", "unsubscribe", "refresh", "send"})
  void callThatANodeDidNotAnswerIsATemporaryError(String method) {
    api.otherActions.fail();
    JsonObject error = error(method, "{\"user\":\"ann\",\"channel\":\"news\",\"data\":1}");
    assertThat(error.getInteger("code")).isEqualTo(100);
    assertThat(error.getString("message"))
        .contains("1 of 2 nodes did not answer; ")
        .contains(
            method.equals("send")
                ? "those that have the message get it twice if the call is repeated"
                : "repeat the call");
  }

  @Test
  void refusalOfASessionIsToldAsItIs() {
    api.otherActions.failure = new ApiException(ErrorCode.LIMIT_EXCEEDED, "subscriptions");
    JsonObject error = error("subscribe", "{\"user\":\"ann\",\"channel\":\"news\"}");
    assertThat(error.getInteger("code")).isEqualTo(106);
    assertThat(error.getString("message")).isEqualTo("limit exceeded: subscriptions");
  }

  private JsonObject error(String method, String body) {
    return requireNonNull(new JsonObject(api.call(method, body)).getJsonObject("error"));
  }
}
