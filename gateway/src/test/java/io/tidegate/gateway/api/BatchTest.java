package io.tidegate.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void broadcastCountsAsManyAsItHasChannels() {
    String half = "{'broadcast':{'channels':" + nameMany(500) + ",'data':1}}";
    assertThat(replies(batch(half, half))).hasSize(2);
    JsonObject answer = new JsonObject(api.call("batch", batch(half, half, "{'info':{}}")));
    assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(107);
    assertThat(answer.getJsonObject("error").getString("message"))
        .contains("commands (expected: at most 1000 in all, a broadcast counted as many");
    assertThat(limitHits()).isOne();
    assertThat(api.call("history", "{\"channel\":\"c1\"}")).contains("\"offset\":2,");
  }

  @Test
  void answersOfABatchAreBoundedTogether() {
    String large = "{\"channel\":\"news\",\"data\":\"" + "x".repeat(50_000) + "\"}";
    IntStream.range(0, 10).forEach(i -> api.call("publish", large));
    List<String> commands =
        new ArrayList<>(Collections.nCopies(50, "{'history':{'channel':'news','limit':-1}}"));
    commands.add(0, "{'publish':{'channel':'other','data':1}}");
    commands.add("{'publish':{'channel':'other','data':1}}");
    String answer = api.call("batch", batch(commands.toArray(String[]::new)));
    assertThat(answer).hasSizeBetween(Batch.MAX_ANSWER_BYTES - 600_000, Batch.MAX_ANSWER_BYTES);
    JsonArray replies = new JsonObject(answer).getJsonArray("replies");
    assertThat(replies).hasSize(52);
    assertThat(reply(replies, 0).getJsonObject("publish").getLong("offset")).isOne();
    int left = 1;
    while (reply(replies, left).containsKey("history")) {
      left++;
    }
    assertThat(error(replies, left)).contains("this one was done, and its answer is left out");
    assertThat(error(replies, left + 1)).contains("8388608 bytes in a batch); not begun");
    assertThat(code(replies, 51)).isEqualTo(106);
    assertThat(api.call("history", "{\"channel\":\"other\"}")).contains("\"offset\":1,");
    assertThat(limitHits()).isOne();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatHasNotBegunWhenPatienceIsOverNeverDoes(boolean late) {
    var asked = new AtomicInteger();
    var patience =
        late
            ? new Patience(() -> false, () -> asked.getAndIncrement() * 8_000_000_000L)
            : new Patience(() -> asked.incrementAndGet() > 3, () -> 0);
    String publish = "{'publish':{'channel':'news','data':1}}";
    JsonArray replies = run(batch(publish, publish, publish, publish, publish), patience);
    assertThat(reply(replies, 2).getJsonObject("publish").getLong("offset")).isEqualTo(3);
    assertThat(List.of(code(replies, 3), code(replies, 4))).containsOnly(100);
    assertThat(error(replies, 4)).contains("not begun");
    assertThat(api.call("history", "{\"channel\":\"news\"}")).contains("\"offset\":3,");
  }

  @Test
  void broadcastInABatchHasItsPatienceToo() {
    var asked = new AtomicInteger();
    var patience = new Patience(() -> asked.incrementAndGet() > 101, () -> 0);
    String all = "{'broadcast':{'channels':" + nameMany(500) + ",'data':1}}";
    JsonArray responses =
        reply(run(batch(all), patience), 0).getJsonObject("broadcast").getJsonArray("responses");
    assertThat(reply(responses, 99).getJsonObject("result").getLong("offset")).isOne();
    assertThat(error(responses, 100)).contains("not begun");
    assertThat(error(responses, 499)).contains("not begun");
  }

  @Test
  void batchEndsWhenItsCallerIsGone() throws IOException {
    Promise<Void> gate = Promise.promise();
    api.actions.gate = gate.future();
    String body = batch("{'disconnect':{'user':'ann'}}", "{'publish':{'channel':'news','data':1}}");
    URI uri = api.uri("/api/batch");
    try (var socket = new Socket(uri.getHost(), uri.getPort())) {
      String head = "POST /api/batch HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length();
      socket.getOutputStream().write((head + "\r\n\r\n" + body).getBytes(UTF_8));
      await().until(() -> !api.actions.requests.isEmpty());
    }
    // Its end is seen before what comes after it is answered.
    api.call("history", "{\"channel\":\"news\"}");
    gate.complete();
    await().until(() -> api.requests("batch", "ok") == 1);
    assertThat(api.call("history", "{\"channel\":\"news\"}")).contains("\"offset\":0,");
  }

  private JsonArray run(String body, Patience patience) {
    Promise<Payload> answer = Promise.promise();
    api.vertx
        .getOrCreateContext()
        .runOnContext(
            v -> {
              Future<JsonBody> run =
                  requireNonNull(api.methods.find("batch"))
                      .answer(ApiCaller.unrestricted("all"), params(body), patience);
              run.map(JsonBody::toPayload).onComplete(answer);
            });
    return new JsonObject(ApiFixture.await(answer.future()).text()).getJsonArray("replies");
  }

  private static Params params(String body) {
    try {
      return Params.parse(body.getBytes(UTF_8));
    } catch (NotJsonException e) {
      throw new AssertionError(e);
    }
  }

  private double limitHits() {
    return api.sample(
        "tidegate_limit_hits_total", new String[] {"limit"}, new String[] {"api_batch"});
  }

  private static List<String> nameMany(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> "'c" + i + "'").toList();
  }

  private static String error(JsonArray replies, int index) {
    return reply(replies, index).getJsonObject("error").getString("message");
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
