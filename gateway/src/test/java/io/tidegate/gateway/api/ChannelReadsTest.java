package io.tidegate.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** presence, presence_stats and history, as a backend service calls them. */
final class ChannelReadsTest {
  private final ApiFixture api = new ApiFixture(List.of());

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void presenceListsTheMembersOfAllNodes() {
    var alice =
        new ClientInfo("c1", "alice", Payload.utf8("{\"n\":1.0}"), Payload.utf8("\"chan\""));
    ApiFixture.await(api.node.presence().add("room", alice, true));
    ApiFixture.await(
        api.otherNode.presence().add("room", new ClientInfo("c2", "", null, null), true));
    JsonObject presence = result("presence", "{\"channel\":\"room\"}").getJsonObject("presence");
    assertThat(presence.getJsonObject("c1").encode())
        .isEqualTo(
            "{\"client\":\"c1\",\"user\":\"alice\",\"conn_info\":{\"n\":1.0},\"chan_info\":\"chan\"}");
    assertThat(presence.getJsonObject("c2").encode())
        .isEqualTo("{\"client\":\"c2\",\"user\":\"\"}");
    JsonObject stats = result("presence_stats", "{\"channel\":\"room\"}");
    assertThat(stats.getInteger("num_clients")).isEqualTo(2);
    assertThat(api.call("presence", "{\"channel\":\"empty\"}"))
        .isEqualTo("{\"result\":{\"presence\":{}}}");
  }

  @Test
  void historyIsReadFromAPositionBothWays() {
    for (int i = 1; i <= 4; i++) {
      api.call("publish", "{\"channel\":\"news\",\"data\":" + i + ",\"tags\":{\"k\":\"v\"}}");
    }
    JsonObject position = result("history", "{\"channel\":\"news\"}");
    assertThat(position.getJsonArray("publications")).isEmpty();
    assertThat(position.getLong("offset")).isEqualTo(4);
    String since = ",\"since\":{\"offset\":2,\"epoch\":\"" + position.getString("epoch") + "\"}";
    assertThat(data("{\"channel\":\"news\",\"limit\":-1}")).containsExactly(1, 2, 3, 4);
    assertThat(data("{\"channel\":\"news\",\"limit\":2}")).containsExactly(1, 2);
    assertThat(data("{\"channel\":\"news\",\"limit\":-1" + since + "}")).containsExactly(3, 4);
    assertThat(data("{\"channel\":\"news\",\"limit\":3,\"reverse\":true}"))
        .containsExactly(4, 3, 2);
    JsonObject first =
        result("history", "{\"channel\":\"news\",\"limit\":1}")
            .getJsonArray("publications")
            .getJsonObject(0);
    assertThat(first.getLong("offset")).isOne();
    assertThat(first.getJsonObject("tags").getString("k")).isEqualTo("v");
    assertThat(first.getLong("time")).isPositive();
  }

  @Test
  void removedHistoryIsGoneAndThePositionStays() {
    api.call("publish", "{\"channel\":\"news\",\"data\":1}");
    JsonObject before = result("history", "{\"channel\":\"news\"}");
    assertThat(api.call("history_remove", "{\"channel\":\"news\"}")).isEqualTo("{\"result\":{}}");
    assertThat(result("history", "{\"channel\":\"news\",\"limit\":-1}")).isEqualTo(before);
    assertThat(result("publish", "{\"channel\":\"news\",\"data\":2}").getLong("offset"))
        .isEqualTo(2);
    assertThat(data("{\"channel\":\"news\",\"limit\":-1}")).containsExactly(2);
  }

  @Test
  void publicationOfAClientNamesIt() {
    var policy = new io.tidegate.backplane.StreamPolicy(10, java.time.Duration.ofMinutes(1));
    var request =
        new io.tidegate.backplane.PublishRequest(
            "news",
            Payload.utf8("1"),
            policy,
            new ClientInfo("c1", "alice", null, null),
            java.util.Map.of(),
            null);
    assertThat(ApiFixture.await(api.node.backplane().publish(request))).isNotNull();
    assertThat(api.call("history", "{\"channel\":\"news\",\"limit\":-1}"))
        .contains("\"info\":{\"client\":\"c1\",\"user\":\"alice\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "presence | {'channel':'bare:a'} | 108 | presence is off",
        "presence_stats | {'channel':'bare:a'} | 108 | presence is off",
        "presence | {'channel':'other:a'} | 102 | unknown channel",
        "presence | {} | 107 | channel",
        "history | {'channel':'bare:a'} | 108 | history is off",
        "history_remove | {'channel':'bare:a'} | 108 | history is off",
        "history_remove | {'channel':'other:a'} | 102 | unknown channel",
        "history_remove | {} | 107 | channel",
        "history | {'channel':'other:a'} | 102 | unknown channel",
        "history | {'channel':'a','limit':-2} | 107 | limit (expected: an integer, -1 to",
        "history | {'channel':'a','limit':1.5} | 107 | limit",
        "history | {'channel':'a','limit':'1'} | 107 | limit",
        "history | {'channel':'a','limit':99999999999999999999} | 107 | limit",
        "history | {'channel':'a','since':7} | 107 | since (expected: an object)",
        "history | {'channel':'a','since':{'offset':1}} | 107 | epoch",
        "history | {'channel':'a','since':{'epoch':'x','offset':-1}} | 107 | offset",
        "history | {'channel':'a','since':{'epoch':'x','offset':1}} | 112 | unrecoverable",
      })
  void badArgumentsAreToldByCodeAndName(String method, String body, int code, String message) {
    JsonObject error =
        new JsonObject(api.call(method, body.replace('\'', '"'))).getJsonObject("error");
    assertThat(error.getInteger("code")).isEqualTo(code);
    assertThat(error.getString("message")).contains(message);
  }

  private List<Integer> data(String body) {
    JsonArray publications = result("history", body).getJsonArray("publications");
    return publications.stream()
        .map(JsonObject.class::cast)
        .map(p -> p.getInteger("data"))
        .toList();
  }

  private JsonObject result(String method, String body) {
    return new JsonObject(api.call(method, body)).getJsonObject("result");
  }
}
