package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.Payload;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** disconnect and info, on a cluster of two. */
final class NodeCallsTest {
  private final ApiFixture api = new ApiFixture(List.of());

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void disconnectReachesEveryNodeWithAllItSays() {
    String body =
        "{\"user\":\"alice\",\"client\":\"c1\",\"session\":\"s1\",\"whitelist\":[\"c2\",\"c3\"],"
            + "\"disconnect\":{\"code\":4001,\"reason\":\"bye\"}}";
    assertThat(api.call("disconnect", body)).isEqualTo("{\"result\":{}}");
    var expected =
        new DisconnectRequest(new Target("alice", "c1", "s1"), Set.of("c2", "c3"), 4001, "bye");
    assertThat(api.actions.requests).containsExactly(expected);
    assertThat(api.otherActions.requests).containsExactly(expected);
  }

  @Test
  void disconnectIsForGoodUnlessSaidOtherwise() {
    api.call("disconnect", "{\"user\":\"alice\",\"client\":\"\",\"session\":null}");
    assertThat(api.actions.requests)
        .containsExactly(
            new DisconnectRequest(
                new Target("alice", null, null), Set.of(), 3503, "force disconnect"));
  }

  @Test
  void disconnectThatANodeDidNotAnswerIsATemporaryError() {
    api.otherActions.fail();
    JsonObject error = error("disconnect", "{\"user\":\"alice\"}");
    assertThat(error.getInteger("code")).isEqualTo(100);
    assertThat(error.getString("message")).contains("1 of 2 nodes did not answer; repeat the call");
    assertThat(api.actions.requests).hasSize(1);
    assertThat(api.requests("disconnect", "internal")).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | user (expected: a user's id, not empty)",
        "{'user':''} | user (expected: a user's id, not empty)",
        "{'user':7} | user (expected: a string)",
        "{'user':'a','whitelist':'c'} | whitelist (expected: an array of strings)",
        "{'user':'a','disconnect':4000} | disconnect (expected: an object)",
        "{'user':'a','disconnect':{'code':2999}} | code (expected: an integer, 3000 to 4999)",
        "{'user':'a','disconnect':{'code':5000}} | code (expected: an integer, 3000 to 4999)",
      })
  void badArgumentsAreRefusedBeforeAnyNodeIsAsked(String body, String message) {
    JsonObject error = error("disconnect", body.replace('\'', '"'));
    assertThat(error.getInteger("code")).isEqualTo(107);
    assertThat(error.getString("message")).contains(message);
    assertThat(api.actions.requests).isEmpty();
  }

  @Test
  void sizesAreBounded() {
    String reason = "\"disconnect\":{\"reason\":\"" + "ü".repeat(62) + "\"}";
    assertThat(error("disconnect", "{\"user\":\"a\"," + reason + "}").getInteger("code"))
        .isEqualTo(107);
    String whitelist = java.util.Collections.nCopies(1_001, "\"c\"").toString();
    assertThat(
            error("disconnect", "{\"user\":\"a\",\"whitelist\":" + whitelist + "}")
                .getInteger("code"))
        .isEqualTo(107);
  }

  @Test
  void infoListsEveryNodeWithItsCounts() {
    Map<String, JsonObject> nodes = nodes();
    assertThat(nodes).containsOnlyKeys("node-1", "node-2");
    assertThat(node(nodes, "node-1").encode())
        .isEqualTo(
            "{\"uid\":\"node-1\",\"name\":\"name-of-node-1\",\"version\":\"1.2\",\"uptime\":90,"
                + "\"num_clients\":3,\"num_users\":2,\"num_channels\":1,\"num_subs\":4}");
    assertThat(node(nodes, "node-2").getInteger("num_clients")).isEqualTo(30);
  }

  @Test
  void nodeThatDidNotAnswerIsListedWithoutCounts() {
    api.otherActions.fail();
    Map<String, JsonObject> nodes = nodes();
    assertThat(node(nodes, "node-2").fieldNames())
        .containsExactly("uid", "name", "version", "uptime");
    assertThat(node(nodes, "node-1").getInteger("num_clients")).isEqualTo(3);
  }

  @Test
  void channelsCountsTheSubscribersOfAllNodes() {
    api.actions.subscribers.putAll(Map.of("chat:1", 2, "news", 1));
    api.otherActions.subscribers.putAll(Map.of("chat:1", 3, "chat:2", 1));
    assertThat(api.call("channels", "{}"))
        .isEqualTo(
            "{\"result\":{\"channels\":{\"chat:1\":{\"num_clients\":5},"
                + "\"chat:2\":{\"num_clients\":1},\"news\":{\"num_clients\":1}}}}");
    assertThat(api.call("channels", "{\"pattern\":\"chat:?\"}"))
        .contains("chat:1", "chat:2")
        .doesNotContain("news");
    assertThat(api.call("channels", "{\"pattern\":\"x*\"}"))
        .isEqualTo("{\"result\":{\"channels\":{}}}");
  }

  @Test
  void nodeThatHasMoreChannelsThanAnAnswerHoldsSaysSo() {
    api.otherActions.failure = ChannelsQuery.tooMany();
    assertThat(error("channels", "{}").getString("message"))
        .isEqualTo("limit exceeded: pattern (expected: at most 10000 channels that fit)");
  }

  @Test
  void moreChannelsThanAnAnswerHoldsAreALimit() {
    for (int i = 0; i < 6_000; i++) {
      api.actions.subscribers.put("a" + i, 1);
      api.otherActions.subscribers.put("b" + i, 1);
    }
    JsonObject error = error("channels", "{}");
    assertThat(error.getInteger("code")).isEqualTo(106);
    assertThat(error.getString("message"))
        .isEqualTo("limit exceeded: pattern (expected: at most 10000 channels that fit)");
    assertThat(
            new JsonObject(api.call("channels", "{\"pattern\":\"a*\"}"))
                .getJsonObject("result")
                .getJsonObject("channels"))
        .hasSize(6_000);
  }

  @Test
  void channelsOfANodeThatDidNotAnswerAreATemporaryError() {
    api.otherActions.fail();
    assertThat(error("channels", "{}").getInteger("code")).isEqualTo(100);
  }

  @Test
  void reportCountsTheSubscribersOfAllNodes() {
    api.actions.subscribers.putAll(Map.of("a", 2, "b", 1));
    api.otherActions.subscribers.putAll(Map.of("a", 3));
    assertThat(delivery(result("publish", "{\"channel\":\"a\",\"data\":1,\"report\":true}")))
        .isEqualTo("{\"nodes\":2,\"connections\":5}");
    assertThat(result("publish", "{\"channel\":\"a\",\"data\":1}").containsKey("delivery"))
        .isFalse();
    JsonArray responses =
        result("broadcast", "{\"channels\":[\"b\",\"x:y\",\"c\"],\"data\":1,\"report\":true}")
            .getJsonArray("responses");
    assertThat(delivery(responses.getJsonObject(0).getJsonObject("result")))
        .isEqualTo("{\"nodes\":1,\"connections\":1}");
    assertThat(responses.getJsonObject(1).getJsonObject("error").getInteger("code")).isEqualTo(102);
    assertThat(delivery(responses.getJsonObject(2).getJsonObject("result")))
        .isEqualTo("{\"nodes\":0,\"connections\":0}");
  }

  @Test
  void reportNamesANodeThatDidNotAnswer() {
    api.actions.subscribers.put("a", 2);
    api.otherActions.fail();
    assertThat(delivery(result("publish", "{\"channel\":\"a\",\"data\":1,\"report\":true}")))
        .isEqualTo("{\"nodes\":1,\"connections\":2,\"silent\":[\"node-2\"]}");
  }

  private JsonObject result(String method, String body) {
    return new JsonObject(api.call(method, body)).getJsonObject("result");
  }

  private static String delivery(JsonObject result) {
    return result.getJsonObject("delivery").encode();
  }

  @Test
  void commandThatIsNotUnderstoodIsAFailedAnswer() {
    for (NodeCommand command :
        List.of(
            new NodeCommand("reboot", Payload.utf8("{}")),
            new NodeCommand("stats", Payload.utf8("7")),
            new NodeCommand("disconnect", Payload.utf8("{}")),
            new NodeCommand("disconnect", Payload.EMPTY))) {
      assertThat(api.commands.handle(command).cause())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("command: " + command.name() + " (expected: ");
    }
    assertThat(api.actions.requests).isEmpty();
  }

  @Test
  void disconnectRequestIsValid() {
    assertThatThrownBy(() -> request("", 3503, "x")).hasMessageStartingWith("user: ''");
    assertThatThrownBy(() -> request("a", 1000, "x"))
        .hasMessageStartingWith("code: 1000 (expected");
    assertThatThrownBy(() -> request("a", 3503, "x".repeat(124)))
        .hasMessageStartingWith("reason: too long");
  }

  private static void request(String user, int code, String reason) {
    assertThat(new DisconnectRequest(new Target(user, null, null), Set.of(), code, reason))
        .isNull();
  }

  private static JsonObject node(Map<String, JsonObject> nodes, String uid) {
    return requireNonNull(nodes.get(uid));
  }

  private Map<String, JsonObject> nodes() {
    return new JsonObject(api.call("info", "{}"))
        .getJsonObject("result").getJsonArray("nodes").stream()
            .map(JsonObject.class::cast)
            .collect(Collectors.toMap(node -> node.getString("uid"), node -> node));
  }

  private JsonObject error(String method, String body) {
    return new JsonObject(api.call(method, body)).getJsonObject("error");
  }
}
