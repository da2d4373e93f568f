package io.tidegate.gateway.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A JSON object about to be written: what stands between its braces. */
@FunctionalInterface
interface JsonBody {
  JsonFactory FACTORY = new JsonFactory();

  void writeFields(JsonGenerator json) throws IOException;

  /** The whole object. */
  default Payload toPayload() {
    var out = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      writeObject(json);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return Payload.of(out.toByteArray());
  }

  default void writeObject(JsonGenerator json) throws IOException {
    json.writeStartObject();
    writeFields(json);
    json.writeEndObject();
  }

  /** {@code {"result": this}}. */
  static JsonBody result(JsonBody result) {
    return under("result", result);
  }

  /** {@code {NAME: body}}. */
  static JsonBody under(String name, JsonBody body) {
    return json -> {
      json.writeFieldName(name);
      body.writeObject(json);
    };
  }

  /** {@code {"error": {"code", "message"}}}. */
  static JsonBody error(ErrorCode error, String message) {
    return json -> {
      json.writeObjectFieldStart("error");
      json.writeNumberField("code", error.code());
      json.writeStringField("message", message);
      json.writeEndObject();
    };
  }

  /** A field that holds objects. */
  static void writeArray(JsonGenerator json, String name, Iterable<JsonBody> items)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (JsonBody item : items) {
      item.writeObject(json);
    }
    json.writeEndArray();
  }

  /** A field whose value is JSON already. */
  static void writeRaw(JsonGenerator json, String name, Payload value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(value.text());
  }
}
