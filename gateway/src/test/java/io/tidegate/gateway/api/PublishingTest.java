package io.tidegate.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** publish and broadcast, as a backend service calls them. */
final class PublishingTest {
  private final ApiFixture api = new ApiFixture(List.of());

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void publicationIsAnsweredWithItsPositionAndCounted() {
    JsonObject first = result("publish", "{\"channel\":\"news\",\"data\":{\"a\":1}}");
    JsonObject second = result("publish", "{\"data\":[],\"channel\":\"news\",\"unknown\":{}}");
    assertThat(first.getLong("offset")).isEqualTo(1);
    assertThat(second.getLong("offset")).isEqualTo(2);
    assertThat(first.getString("epoch")).isNotEmpty().isEqualTo(second.getString("epoch"));
    assertThat(api.requests("publish", "ok")).isEqualTo(2);
    assertThat(published()).isEqualTo(2);
  }

  @Test
  void dataReachesTheStreamToTheDigit() {
    String data =
        "{\"n\":12345678901234567890.10,\"e\":1E400,\"u\":\"\\u00e4\\/\",\"a\":1,\"a\":2}";
    api.call("publish", "{\"channel\":\"news\",\"data\": " + data + " }");
    assertThat(api.call("history", "{\"channel\":\"news\",\"limit\":-1}"))
        .contains("\"data\":" + data + ",");
  }

  @Test
  void prettyPrintedDataIsCompacted() {
    api.call(
        "publish", "{\n  \"channel\": \"news\",\n  \"data\": {\n    \"a\": [1,\r\n 2]\n  }\n}");
    assertThat(api.call("history", "{\"channel\":\"news\",\"limit\":-1}"))
        .contains("\"data\":{\"a\":[1,2]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'data':1} | 107 | channel (expected: a string)",
        "{'channel':7,'data':1} | 107 | channel (expected: a string)",
        "{'channel':'','data':1} | 107 | channel (expected: not empty)",
        "{'channel':'a b','data':1} | 107 | channel (expected: printable",
        "{'channel':'a\\ud800','data':1} | 107 | channel (expected: valid Unicode)",
        "{'channel':'$canary:x','data':1} | 107 | channel (expected: not beginning with $",
        "{'channel':'other:x','data':1} | 102 | unknown channel",
        "{'channel':'news'} | 107 | data (expected: data, or b64data",
        "{'channel':'news','b64data':'*'} | 107 | b64data (expected: base64)",
        "{'channel':'news','data':1,'b64data':'MQ=='} | 107 | b64data (expected: absent beside data)",
        "{'channel':'news','b64data':'aGVsbG8='} | 107 | b64data: not valid JSON",
        "{'channel':'news','data':1,'tags':[]} | 107 | tags (expected: an object of strings)",
        "{'channel':'news','data':1,'tags':{'a':1}} | 107 | tags (expected: a string)",
        "{'channel':'news','data':1,'idempotency_key':1} | 107 | idempotency_key (expected",
        "{'channel':'news','data':1,'skip_history':'yes'} | 107 | skip_history (expected: true",
        "{'channel':'news','data':1,'version':1} | 108 | version (expected: none",
        "{'channel':'news','data':1,'version_epoch':'e'} | 108 | version (expected: none",
        "{'channel':'news','data':1,'version':-1} | 107 | version (expected: an integer",
        "{'channel':'news','data':1,'delta':1} | 107 | delta (expected: true or false",
        "{'channel':'news','data':1,'report':1} | 107 | report (expected: true or false",
        "{'channel':'news','data':1,'skip_history':true} | 108 | skip_history (expected: false",
      })
  void badArgumentsAreToldByCodeAndName(String body, int code, String message) {
    JsonObject error = error("publish", body.replace('\'', '"'));
    assertThat(error.getInteger("code")).isEqualTo(code);
    assertThat(error.getString("message")).contains(message);
    assertThat(result("publish", "{\"channel\":\"news\",\"data\":1}").getLong("offset")).isOne();
  }

  @Test
  void sizesAreBounded() {
    assertThat(code("publish", "{\"data\":1,\"channel\":\"" + "x".repeat(65) + "\"}"))
        .isEqualTo(107);
    assertThat(
            api.sample(
                "tidegate_limit_hits_total",
                new String[] {"limit"},
                new String[] {"channel_length"}))
        .isOne();
    String key = ",\"data\":1,\"idempotency_key\":\"" + "k".repeat(256) + "\"}";
    assertThat(code("publish", "{\"channel\":\"news\"" + key)).isEqualTo(107);
    for (String tags :
        List.of(
            "{\"k\":\"" + "v".repeat(257) + "\"}",
            IntStream.range(0, 33)
                .mapToObj(i -> "\"k" + i + "\":\"v\"")
                .collect(Collectors.joining(",", "{", "}")))) {
      assertThat(code("publish", "{\"channel\":\"news\",\"data\":1,\"tags\":" + tags + "}"))
          .isEqualTo(107);
    }
    assertThat(api.requests("publish", "bad_request")).isEqualTo(4);
  }

  @Test
  void retryWithItsKeyIsAnsweredWithTheFirstPosition() {
    String body = "{\"channel\":\"news\",\"data\":1,\"idempotency_key\":\"k\"}";
    assertThat(result("publish", body)).isEqualTo(result("publish", body));
    assertThat(published()).isOne();
    String keyless = "{\"channel\":\"news\",\"data\":1,\"idempotency_key\":\"\"}";
    assertThat(result("publish", keyless)).isNotEqualTo(result("publish", keyless));
  }

  @Test
  void bytesGoToTheirNamespaceAndJsonInBase64ToAny() {
    api.call("publish", "{\"channel\":\"bytes:a\",\"b64data\":\"/wA=\"}");
    assertThat(api.call("history", "{\"channel\":\"bytes:a\",\"limit\":-1}"))
        .contains("\"b64data\":\"/wA=\"")
        .doesNotContain("\"data\"");
    api.call("publish", "{\"channel\":\"news\",\"b64data\":\"eyJhIjoKMX0=\"}");
    assertThat(api.call("history", "{\"channel\":\"news\",\"limit\":-1}"))
        .contains("\"data\":{\"a\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'channel':'news','data':{'a':1},'b64data':''} | {'a':1}",
        "{'channel':'news','data':null,'b64data':'MQ=='} | 1",
        "{'channel':'news','data':null,'b64data':''} | null",
      })
  void emptyFieldBesideTheOtherCountsAsAbsent(String body, String data) {
    api.call("publish", body.replace('\'', '"'));
    assertThat(api.call("history", "{\"channel\":\"news\",\"limit\":-1}"))
        .contains("\"data\":" + data.replace('\'', '"') + ",");
  }

  @Test
  void skipHistoryIsFineWhereThereIsNone() {
    assertThat(result("publish", "{\"channel\":\"bare:a\",\"data\":1,\"skip_history\":true}"))
        .isNotNull();
  }

  @Test
  void deltaAndNoVersionAreTakenAndIgnored() {
    String body =
        "{\"channel\":\"news\",\"data\":1,\"delta\":true,\"version\":0,\"version_epoch\":\"\"}";
    assertThat(result("publish", body).getLong("offset")).isOne();
  }

  @Test
  void broadcastAnswersForEachChannelInItsPlace() {
    JsonArray responses =
        result("broadcast", "{\"channels\":[\"a\",\"other:x\",\"\",\"a\",\"b\"],\"data\":{}}")
            .getJsonArray("responses");
    assertThat(responses).hasSize(5);
    assertThat(offset(responses, 0)).isEqualTo(1);
    assertThat(code(responses, 1)).isEqualTo(102);
    assertThat(code(responses, 2)).isEqualTo(107);
    assertThat(offset(responses, 3)).isEqualTo(2);
    assertThat(offset(responses, 4)).isEqualTo(1);
    assertThat(published()).isEqualTo(3);
  }

  @Test
  void broadcastTakesAThousandChannelsAndNoMore() {
    assertThat(result("broadcast", broadcast(1_000)).getJsonArray("responses")).hasSize(1_000);
    assertThat(code("broadcast", broadcast(1_001))).isEqualTo(107);
    for (String channels : List.of("[]", "\"a\"", "[1]", "null")) {
      assertThat(code("broadcast", "{\"data\":1,\"channels\":" + channels + "}")).isEqualTo(107);
    }
  }

  @Test
  void storeThatIsGoneIsATemporaryError() {
    ApiFixture.await(api.node.close());
    assertThat(code("publish", "{\"channel\":\"news\",\"data\":1}")).isEqualTo(100);
    JsonArray responses =
        result("broadcast", "{\"channels\":[\"a\",\"b\"],\"data\":1}").getJsonArray("responses");
    assertThat(List.of(code(responses, 0), code(responses, 1))).containsOnly(100);
    assertThat(api.requests("publish", "internal")).isOne();
  }

  private static String broadcast(int channels) {
    var names = new ArrayList<String>();
    for (int i = 0; i < channels; i++) {
      names.add("\"c" + i + "\"");
    }
    return "{\"channels\":" + names + ",\"data\":1}";
  }

  private static long offset(JsonArray responses, int index) {
    return responses.getJsonObject(index).getJsonObject("result").getLong("offset");
  }

  private static int code(JsonArray responses, int index) {
    return responses.getJsonObject(index).getJsonObject("error").getInteger("code");
  }

  private double published() {
    return api.sample("tidegate_publications_total", new String[] {"origin"}, new String[] {"api"});
  }

  private JsonObject result(String method, String body) {
    return new JsonObject(api.call(method, body)).getJsonObject("result");
  }

  private int code(String method, String body) {
    return error(method, body).getInteger("code");
  }

  private JsonObject error(String method, String body) {
    return new JsonObject(api.call(method, body)).getJsonObject("error");
  }
}
