package io.tidegate.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The OpenAPI document against the methods, their document and their answers. */
final class OpenApiTest {
  private final ApiFixture api = new ApiFixture(List.of());

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void documentIsServedAsVersion31WithAllMethods() {
    JsonObject document = document();
    assertThat(document.getString("openapi")).startsWith("3.1.");
    assertThat(document.getJsonObject("paths").fieldNames())
        .isEqualTo(
            ApiMethods.NAMES.stream().map(name -> "/api/" + name).collect(Collectors.toSet()));
    assertThat(api.requests("openapi.json", "ok")).isOne();
    assertThat(references(document)).allMatch(reference -> resolves(document, reference));
  }

  @Test
  void documentIsBehindTheKey() {
    try (var locked = new ApiFixture(List.of("key"))) {
      assertThat(locked.send(locked.request("/api/openapi.json").GET()).statusCode())
          .isEqualTo(401);
      assertThat(
              locked
                  .send(locked.request("/api/openapi.json").header("X-API-Key", "key").GET())
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void documentIsReadOnly() {
    HttpResponse<String> response =
        api.send(api.request("/api/openapi.json").POST(BodyPublishers.ofString("{}")));
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).contains("GET");
  }

  /** A value of another type than the document says is refused, with the field's name. */
  @Test
  void everyMethodRefusesEveryFieldOfAWrongTypeByItsName() {
    for (String method : ApiMethods.NAMES) {
      JsonObject schema = arguments(method);
      for (String name : schema.getJsonObject("properties").fieldNames()) {
        String wrong = wrong(schema.getJsonObject("properties").getJsonObject(name));
        if (wrong != null) {
          refused(method, good(method).put(name, null), name, wrong);
        }
      }
    }
    assertThat(api.actions.requests).isEmpty();
  }

  @Test
  void everyMethodNamesARequiredFieldThatIsMissing() {
    for (String method : ApiMethods.NAMES) {
      for (Object name : arguments(method).getJsonArray("required", new JsonArray())) {
        JsonObject body = good(method);
        body.remove(name.toString());
        assertThat(error(method, body.encode())).as(method).contains(name + " (expected: ");
      }
    }
  }

  @Test
  void listThatMayNotBeEmptySaysSo() {
    for (String method : List.of("batch", "broadcast")) {
      JsonObject properties = properties(arguments(method));
      String name = method.equals("batch") ? "commands" : "channels";
      assertThat(properties.getJsonObject(name).getInteger("minItems")).isOne();
      assertThat(error(method, good(method).put(name, new JsonArray()).encode()))
          .contains(name + " (expected: at least one)");
    }
  }

  @Test
  void dataThatHasToBeThereIsRequiredInOneOfItsForms() {
    for (String method : List.of("publish", "broadcast", "send")) {
      assertThat(arguments(method).getJsonArray("anyOf"))
          .isEqualTo(new JsonArray("[{\"required\":[\"data\"]},{\"required\":[\"b64data\"]}]"));
    }
    assertThat(arguments("subscribe").containsKey("anyOf")).isFalse();
  }

  @Test
  void everyFieldIsToldInTheDocumentOfTheServerApi() throws IOException {
    String text = Files.readString(Path.of("../docs/server-api.md"), UTF_8);
    for (String method : ApiMethods.NAMES) {
      Set<String> told = toldFields(section(text, method));
      if (method.equals("broadcast")) {
        told.addAll(toldFields(section(text, "publish")));
        assertThat(told.remove("channel")).isTrue();
      }
      assertThat(told)
          .as(method)
          .containsExactlyInAnyOrderElementsOf(properties(arguments(method)).fieldNames());
    }
  }

  private static String section(String text, String method) {
    String section = text.substring(text.indexOf("### `" + method + "`"));
    int next = section.indexOf("\n### ", 1);
    return next < 0 ? section : section.substring(0, next);
  }

  /** Those of the first column of a table, or one that a paragraph begins with. */
  private static Set<String> toldFields(String section) {
    var names = new TreeSet<String>();
    Pattern.compile("(?m)^\\| (`[^|]*) \\||^(`[a-z0-9_]+`)\\. ")
        .matcher(section)
        .results()
        .forEach(told -> names.addAll(codes(told.group())));
    return names;
  }

  /** What each method answers is one of the two that the document says, field by field. */
  @Test
  void everyAnswerIsAsItsSchemaSays() {
    api.actions.subscribers.put("news", 1);
    api.call("publish", "{\"channel\":\"news\",\"data\":{\"a\":1},\"tags\":{\"k\":\"v\"}}");
    for (String method : ApiMethods.NAMES) {
      JsonObject answer = new JsonObject(api.call(method, good(method).encode()));
      assertThat(answer.containsKey("error")).as("%s %s", method, answer).isFalse();
      assertThat(fitting(method, answer)).as("%s %s", method, answer).containsExactly(0);
    }
    api.otherActions.fail();
    ApiFixture.await(api.node.close());
    for (String method : ApiMethods.NAMES) {
      String body = method.equals("batch") ? "{}" : good(method).encode();
      JsonObject answer = new JsonObject(api.call(method, body));
      if (answer.containsKey("error")) {
        assertThat(fitting(method, answer)).as("%s %s", method, answer).containsExactly(1);
      } else {
        assertThat(fitting(method, answer)).as("%s %s", method, answer).containsExactly(0);
      }
    }
  }

  /** Which of the two schemas of the method's answer {@code answer} has. */
  private List<Integer> fitting(String method, JsonObject answer) {
    JsonObject document = document();
    JsonArray either =
        operation(method)
            .getJsonObject("responses")
            .getJsonObject("200")
            .getJsonObject("content")
            .getJsonObject("application/json")
            .getJsonObject("schema")
            .getJsonArray("oneOf");
    return IntStream.range(0, either.size())
        .filter(i -> fits(document, answer, either.getJsonObject(i), false))
        .peek(
            i ->
                assertThat(fits(document, answer, either.getJsonObject(i), true))
                    .as("%s %s", method, answer)
                    .isTrue())
        .boxed()
        .toList();
  }

  /** Where {@code known} is asked for, a field that the document does not know fits nothing. */
  private static boolean fits(JsonObject document, Object value, JsonObject schema, boolean known) {
    String reference = schema.getString("$ref");
    if (reference != null) {
      return fits(document, value, requireNonNull(resolve(document, reference)), known);
    }
    return switch (schema.getString("type", "")) {
      case "object" ->
          value instanceof JsonObject object && fields(document, object, schema, known);
      case "array" ->
          value instanceof JsonArray array
              && array.stream()
                  .allMatch(i -> fits(document, i, schema.getJsonObject("items"), known));
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Number;
      case "boolean" -> value instanceof Boolean;
      default -> true;
    };
  }

  private static boolean fields(
      JsonObject document, JsonObject value, JsonObject schema, boolean known) {
    if (!value
        .fieldNames()
        .containsAll(schema.getJsonArray("required", new JsonArray()).getList())) {
      return false;
    }
    JsonObject others = schema.getJsonObject("additionalProperties");
    boolean open = !known || (others == null && properties(schema).isEmpty());
    return value.fieldNames().stream()
        .allMatch(
            name -> {
              JsonObject each = properties(schema).getJsonObject(name, others);
              return each == null ? open : fits(document, value.getValue(name), each, known);
            });
  }

  private void refused(String method, JsonObject body, String name, String wrong) {
    String json = body.encode().replace("\"" + name + "\":null", "\"" + name + "\":" + wrong);
    assertThat(error(method, json))
        .as("%s %s", method, json)
        .startsWith("bad request: ")
        .contains(name + " (expected: ");
  }

  /** What is none of its schema's type; absent where anything is. */
  private static @Nullable String wrong(JsonObject schema) {
    String type = schema.getString("type");
    return type == null ? null : type.equals("integer") || type.equals("boolean") ? "\"x\"" : "7";
  }

  private static JsonObject good(String method) {
    String body =
        switch (method) {
          case "publish" -> "{'channel':'news','data':1,'report':true}";
          case "broadcast" -> "{'channels':['news'],'data':1,'report':true}";
          case "presence", "presence_stats", "history_remove" -> "{'channel':'news'}";
          case "history" -> "{'channel':'news','limit':-1}";
          case "subscribe", "unsubscribe" -> "{'user':'ann','channel':'news'}";
          case "disconnect", "refresh" -> "{'user':'ann'}";
          case "send" -> "{'user':'ann','data':1}";
          case "channels", "info" -> "{}";
          case "batch" -> "{'commands':[{'info':{}}]}";
          default -> throw new AssertionError("no example of " + method);
        };
    return new JsonObject(body.replace('\'', '"'));
  }

  private String error(String method, String body) {
    JsonObject error = new JsonObject(api.call(method, body)).getJsonObject("error");
    assertThat(error).as("%s %s", method, body).isNotNull();
    return error.getString("message");
  }

  private JsonObject document() {
    return new JsonObject(api.send(api.request("/api/openapi.json").GET()).body());
  }

  private JsonObject operation(String method) {
    return document().getJsonObject("paths").getJsonObject("/api/" + method).getJsonObject("post");
  }

  private JsonObject arguments(String method) {
    return operation(method)
        .getJsonObject("requestBody")
        .getJsonObject("content")
        .getJsonObject("application/json")
        .getJsonObject("schema");
  }

  private static JsonObject properties(JsonObject schema) {
    return schema.getJsonObject("properties", new JsonObject());
  }

  private static Set<String> codes(String text) {
    var names = new TreeSet<String>();
    Pattern.compile("`([a-z0-9_]+)`").matcher(text).results().forEach(m -> names.add(m.group(1)));
    return names;
  }

  private static Set<String> references(JsonObject document) {
    var found = new HashSet<String>();
    var left = new ArrayList<Object>(List.of(document));
    while (!left.isEmpty()) {
      Object next = left.remove(left.size() - 1);
      if (next instanceof JsonObject object) {
        object.forEach(
            entry -> {
              if (entry.getKey().equals("$ref")) {
                found.add(entry.getValue().toString());
              }
              left.add(object.getValue(entry.getKey()));
            });
      } else if (next instanceof JsonArray array) {
        array.forEach(left::add);
      }
    }
    return found;
  }

  private static boolean resolves(JsonObject document, String reference) {
    return resolve(document, reference) != null;
  }

  private static @Nullable JsonObject resolve(JsonObject document, String reference) {
    JsonObject at = document;
    for (String step : reference.substring(2).split("/", -1)) {
      at = at == null ? null : at.getJsonObject(step);
    }
    return at;
  }
}
