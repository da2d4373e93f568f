package io.tidegate.gateway.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The methods as an OpenAPI 3.1 document, made of what they themselves declare. */
final class OpenApi {
  private static final String JSON = "application/json";

  private OpenApi() {}

  static JsonBody document(Collection<ApiMethod> methods) {
    return json -> {
      json.writeStringField("openapi", "3.1.0");
      json.writeObjectFieldStart("info");
      json.writeStringField("title", "Tidegate server API");
      json.writeStringField("version", "1");
      json.writeEndObject();
      writeSecurity(json);
      json.writeObjectFieldStart("paths");
      for (ApiMethod method : methods) {
        json.writeObjectFieldStart("/api/" + method.name());
        json.writeObjectFieldStart("post");
        write(json, method);
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndObject();
      writeComponents(json);
    };
  }

  // The empty one: on loopback the node may be without keys.
  private static void writeSecurity(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("security");
    for (String scheme : List.of("header", "authorization")) {
      json.writeStartObject();
      json.writeArrayFieldStart(scheme);
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeStartObject();
    json.writeEndObject();
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, ApiMethod method) throws IOException {
    json.writeStringField("operationId", method.name());
    json.writeStringField("summary", method.about());
    json.writeObjectFieldStart("requestBody");
    json.writeBooleanField("required", true);
    writeContent(json, arguments(method));
    json.writeEndObject();
    json.writeObjectFieldStart("responses");
    json.writeObjectFieldStart("200");
    json.writeStringField("description", "The answer, or the error of a call that failed.");
    writeContent(json, answer(method));
    json.writeEndObject();
    json.writeObjectFieldStart("default");
    json.writeStringField("description", "There was no call.");
    writeContent(json, Schema.object(Map.of("error", ApiError.REFERENCE)));
    json.writeEndObject();
    json.writeEndObject();
  }

  private static JsonBody arguments(ApiMethod method) {
    return json -> {
      Schema.of(method.fields()).writeFields(json);
      if (method.fields().containsAll(Body.FIELDS)) {
        Body.writeRequired(json);
      }
    };
  }

  private static JsonBody answer(ApiMethod method) {
    JsonBody good =
        method.envelope() == ApiMethod.Envelope.RESULT
            ? Schema.required("result", method.result())
            : method.result();
    return Schema.oneOf(good, Schema.required("error", ApiError.REFERENCE));
  }

  private static void writeContent(JsonGenerator json, JsonBody schema) throws IOException {
    json.writeObjectFieldStart("content");
    json.writeObjectFieldStart(JSON);
    json.writeFieldName("schema");
    schema.writeObject(json);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeComponents(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("components");
    json.writeObjectFieldStart("schemas");
    json.writeFieldName("Error");
    ApiError.SCHEMA.writeObject(json);
    json.writeEndObject();
    json.writeObjectFieldStart("securitySchemes");
    writeKey(json, "header", "X-API-Key", "KEY");
    writeKey(json, "authorization", "Authorization", "apikey KEY");
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeKey(JsonGenerator json, String name, String header, String form)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("type", "apiKey");
    json.writeStringField("in", "header");
    json.writeStringField("name", header);
    json.writeStringField("description", "As `" + form + "`.");
    json.writeEndObject();
  }
}
