package io.tidegate.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.auth.ApiKeys;
import io.tidegate.gateway.auth.ChannelPattern;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a key with rights may do, and what it may not. */
final class ApiKeyRightsTest {
  private static final String PUBLISH = "{\"channel\":\"chat-1\",\"data\":1}";

  private final ApiFixture api =
      ApiFixture.withRights(
          new ApiKeys.Key(
              caller("some", Set.of("publish", "broadcast", "batch", "channels"), "chat-*"),
              List.of("old", "new")),
          new ApiKeys.Key(caller("all", Set.of("*"), "chat-*"), List.of("all")));

  private static ApiCaller caller(String name, Set<String> methods, String pattern) {
    return new ApiCaller(name, methods, List.of(new ChannelPattern(pattern)));
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void eitherSecretOfAKeyCountsUnderItsName() {
    assertThat(call("old", "publish", PUBLISH).getJsonObject("result")).isNotNull();
    assertThat(call("new", "publish", PUBLISH).getJsonObject("result")).isNotNull();
    assertThat(api.requests("publish", "some", "ok")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"history", "presence", "disconnect", "info", "send"})
  void methodThatTheKeyIsNotForIsDenied(String method) {
    JsonObject error = call("old", method, "{\"channel\":\"chat-1\"}").getJsonObject("error");
    assertThat(error.getInteger("code")).isEqualTo(103);
    assertThat(error.getString("message"))
        .isEqualTo("permission denied: the key is not for " + method);
    assertThat(api.requests(method, "some", "permission_denied")).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "publish | {'channel':'news','data':1}",
        "history | {'channel':'news'}",
        "history_remove | {'channel':'news'}",
        "presence | {'channel':'news'}",
        "presence_stats | {'channel':'news'}",
        "subscribe | {'channel':'news','user':'ann'}",
        "unsubscribe | {'channel':'news','user':'ann'}",
      })
  void channelThatTheKeyIsNotForIsDenied(String method, String body) {
    JsonObject answer = call("all", method, body.replace('\'', '"'));
    assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(103);
    assertThat(api.actions.requests).isEmpty();
    String allowed = body.replace('\'', '"').replace("news", "chat-1");
    assertThat(call("all", method, allowed).getJsonObject("result")).isNotNull();
  }

  @Test
  void broadcastIsJudgedChannelByChannel() {
    JsonArray responses =
        call("old", "broadcast", "{\"channels\":[\"chat-1\",\"news\"],\"data\":1}")
            .getJsonObject("result")
            .getJsonArray("responses");
    assertThat(responses.getJsonObject(0).getJsonObject("result")).isNotNull();
    assertThat(code(responses.getJsonObject(1))).isEqualTo(103);
  }

  @Test
  void batchIsJudgedCommandByCommand() {
    String batch =
        "{\"commands\":[{\"publish\":"
            + PUBLISH
            + "},{\"publish\":{\"channel\":\"news\",\"data\":1}}"
            + ",{\"disconnect\":{\"user\":\"ann\"}}]}";
    JsonArray replies = call("old", "batch", batch).getJsonArray("replies");
    assertThat(replies.getJsonObject(0).getJsonObject("publish")).isNotNull();
    assertThat(code(replies.getJsonObject(1))).isEqualTo(103);
    assertThat(code(replies.getJsonObject(2))).isEqualTo(103);
    assertThat(api.actions.requests).isEmpty();
  }

  @Test
  void channelsNamesThoseOfTheKeyOnly() {
    api.actions.subscribers.put("chat-1", 2);
    api.actions.subscribers.put("news", 1);
    assertThat(call("old", "channels", "{}").getJsonObject("result").getJsonObject("channels"))
        .isEqualTo(new JsonObject("{\"chat-1\":{\"num_clients\":2}}"));
  }

  private static int code(JsonObject answer) {
    return answer.getJsonObject("error").getInteger("code");
  }

  private JsonObject call(String key, String method, String body) {
    HttpResponse<String> response =
        api.send(
            api.request("/api/" + method)
                .header("X-API-Key", key)
                .POST(BodyPublishers.ofString(body, UTF_8)));
    assertThat(response.statusCode()).isEqualTo(200);
    return new JsonObject(response.body());
  }
}
