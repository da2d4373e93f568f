package io.tidegate.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
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
  void everyFieldHasItsRowInTheDocumentOfTheServerApi() throws IOException {
    String text = Files.readString(Path.of("../docs/server-api.md"), UTF_8);
    for (String method : ApiMethods.NAMES) {
      String section = text.substring(text.indexOf("### `" + method + "`"));
      int next = section.indexOf("\n### ", 1);
      Set<String> told = codes(next < 0 ? section : section.substring(0, next));
      if (method.equals("broadcast")) {
        told.addAll(codes(text.substring(text.indexOf("### `publish`"))));
      }
      assertThat(told).as(method).containsAll(properties(arguments(method)).fieldNames());
    }
  }

  /** What each method answers is what the document says, field by field. */
  @Test
  void everyAnswerIsAsItsSchemaSays() {
    api.actions.subscribers.put("news", 1);
    api.call("publish", "{\"channel\":\"news\",\"data\":{\"a\":1},\"tags\":{\"k\":\"v\"}}");
    for (String method : ApiMethods.NAMES) {
      JsonObject answer = new JsonObject(api.call(method, good(method).encode()));
      assertThat(answer.containsKey("error")).as("%s %s", method, answer).isFalse();
      JsonObject schema =
          operation(method)
              .getJsonObject("responses")
              .getJsonObject("200")
              .getJsonObject("content")
              .getJsonObject("application/json")
              .getJsonObject("schema")
              .getJsonArray("oneOf")
              .getJsonObject(0);
      fits(method, answer, schema);
    }
  }

  private static void fits(String at, Object value, JsonObject schema) {
    String type = schema.getString("type");
    if (type == null) {
      return; // Anything, or a reference.
    }
    switch (type) {
      case "object" -> {
        assertThat(value).as(at).isInstanceOf(JsonObject.class);
        for (String name : ((JsonObject) value).fieldNames()) {
          JsonObject each =
              schema.containsKey("additionalProperties")
                  ? schema.getJsonObject("additionalProperties")
                  : properties(schema).getJsonObject(name);
          boolean open =
              properties(schema).isEmpty() && !schema.containsKey("additionalProperties");
          assertThat(open || each != null).as("%s.%s", at, name).isTrue();
          if (each != null) {
            fits(at + "." + name, ((JsonObject) value).getValue(name), each);
          }
        }
      }
      case "array" -> {
        assertThat(value).as(at).isInstanceOf(JsonArray.class);
        for (Object item : (JsonArray) value) {
          fits(at + "[]", item, schema.getJsonObject("items"));
        }
      }
      case "string" -> assertThat(value).as(at).isInstanceOf(String.class);
      case "integer" -> assertThat(value).as(at).isInstanceOf(Number.class);
      default -> throw new AssertionError(at + ": " + type);
    }
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
    JsonObject at = document;
    for (String step : reference.substring(2).split("/", -1)) {
      at = at == null ? null : at.getJsonObject(step);
    }
    return at != null;
  }
}
