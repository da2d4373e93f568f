package io.tidegate.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several commands in one call. */
final class BatchTest {
  private final ApiFixture api = new ApiFixture(List.of());

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void eachCommandIsAnsweredInItsPlaceUnderItsName() {
    String answer =
        api.call(
            "batch",
            batch(
                "{'publish':{'channel':'news','data':1}}",
                "{'history':{'channel':'news'}}",
                "{'publish':{'channel':'other:x','data':1}}",
                "{'reboot':{}}",
                "{'disconnect':{'user':'ann'}}"));
    assertThat(new JsonObject(answer).fieldNames()).containsExactly("replies");
    JsonArray replies = new JsonObject(answer).getJsonArray("replies");
    assertThat(replies).hasSize(5);
    assertThat(reply(replies, 0).getJsonObject("publish").getLong("offset")).isOne();
    assertThat(reply(replies, 1).getJsonObject("history").getLong("offset")).isOne();
    assertThat(code(replies, 2)).isEqualTo(102);
    assertThat(code(replies, 3)).isEqualTo(104);
    assertThat(reply(replies, 4).getJsonObject("disconnect")).isEmpty();
    assertThat(api.requests("batch", "ok")).isOne();
  }

  @Test
  void commandsAreDoneOneByOneUnlessTheyMayOvertakeEachOther() {
    String[] commands =
        IntStream.rangeClosed(1, 200)
            .mapToObj(i -> "{'publish':{'channel':'news','data':" + i + "}}")
            .toArray(String[]::new);
    JsonArray replies = replies(batch(commands));
    for (int i = 0; i < 200; i++) {
      assertThat(reply(replies, i).getJsonObject("publish").getLong("offset")).isEqualTo(i + 1);
    }
    assertThat(replies(batch(commands).replace("{\"commands", "{\"parallel\":true,\"commands")))
        .hasSize(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | commands (expected: at least one)",
        "{'commands':[]} | commands (expected: at least one)",
        "{'commands':{}} | commands (expected: an array of objects)",
        "{'commands':[7]} | commands (expected: an object)",
        "{'commands':[{'publish':{}}],'parallel':1} | parallel (expected: true or false)",
      })
  void batchThatIsNoneIsRefusedAsAWhole(String body, String message) {
    JsonObject answer = new JsonObject(api.call("batch", body.replace('\'', '"')));
    assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(107);
    assertThat(answer.getJsonObject("error").getString("message")).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 107 | commands (expected: one method in each)",
        "{'info':{},'channels':{}} | 107 | commands (expected: one method in each)",
        "{'info':7} | 107 | info (expected: an object)",
        "{'info':null} | 107 | info (expected: an object)",
        "{'publish':{}} | 107 | channel (expected: a string)",
        "{'batch':{'commands':[{'info':{}}]}} | 104 | no batch",
      })
  void commandThatIsNoneIsAnsweredAlone(String command, int code, String message) {
    JsonArray replies = replies(batch(command, "{'info':{}}"));
    assertThat(code(replies, 0)).isEqualTo(code);
    assertThat(reply(replies, 0).getJsonObject("error").getString("message")).contains(message);
    assertThat(reply(replies, 1).getJsonObject("info").getJsonArray("nodes")).hasSize(2);
  }

  @Test
  void aThousandCommandsAreTakenAndNoMore() {
    String command = "{'publish':{'channel':'news','data':1}}";
    assertThat(replies(many(1_000, command))).hasSize(1_000);
    JsonObject answer = new JsonObject(api.call("batch", many(1_001, command)));
    assertThat(answer.getJsonObject("error").getString("message"))
        .contains("commands (expected: at most 1000 items)");
  }

  private static String many(int count, String command) {
    return batch(Collections.nCopies(count, command).toArray(String[]::new));
  }

  private JsonArray replies(String body) {
    return new JsonObject(api.call("batch", body)).getJsonArray("replies");
  }

  private static String batch(String... commands) {
    return List.of(commands).stream()
        .collect(Collectors.joining(",", "{'commands':[", "]}"))
        .replace('\'', '"');
  }

  private static JsonObject reply(JsonArray replies, int index) {
    return replies.getJsonObject(index);
  }

  private static int code(JsonArray replies, int index) {
    return reply(replies, index).getJsonObject("error").getInteger("code");
  }
}
