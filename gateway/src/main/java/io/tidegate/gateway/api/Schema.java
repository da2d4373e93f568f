package io.tidegate.gateway.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JSON schemas (2020-12, as OpenAPI 3.1 has them) of what methods take and answer. */
final class Schema {
  static final JsonBody STRING = json -> json.writeStringField("type", "string");
  static final JsonBody INTEGER = json -> json.writeStringField("type", "integer");
  static final JsonBody BOOLEAN = json -> json.writeStringField("type", "boolean");
  static final JsonBody ANYTHING = json -> {};

  /** The largest integer that every JSON library reads to the digit. */
  private static final long MAX_EXACT = (1L << 53) - 1;

  static final JsonBody FLAG =
      json -> {
        json.writeStringField("type", "boolean");
        json.writeBooleanField("default", false);
      };

  static final JsonBody BASE64 =
      json -> {
        json.writeStringField("type", "string");
        json.writeStringField("contentEncoding", "base64");
      };

  private Schema() {}

  /** Text of so many bytes of UTF-8 at most, which is not more characters. */
  static JsonBody text(int maxBytes) {
    return json -> {
      json.writeStringField("type", "string");
      json.writeNumberField("maxLength", maxBytes);
      json.writeNumberField("x-maxBytes", maxBytes);
    };
  }

  static JsonBody integer(long otherwise, long min, long max) {
    return json -> {
      json.writeStringField("type", "integer");
      json.writeStringField("format", "int64");
      json.writeNumberField("minimum", min);
      if (max <= MAX_EXACT) {
        json.writeNumberField("maximum", max);
      }
      json.writeNumberField("default", otherwise);
    };
  }

  static JsonBody texts(int maxItems) {
    return json -> {
      array(STRING).writeFields(json);
      json.writeNumberField("maxItems", maxItems);
    };
  }

  static JsonBody objects(int maxItems) {
    return json -> {
      array(body -> body.writeStringField("type", "object")).writeFields(json);
      json.writeNumberField("maxItems", maxItems);
    };
  }

  static JsonBody textByName(int maxItems) {
    return json -> {
      byName(STRING).writeFields(json);
      json.writeNumberField("maxProperties", maxItems);
    };
  }

  static JsonBody array(JsonBody items) {
    return json -> {
      json.writeStringField("type", "array");
      json.writeFieldName("items");
      items.writeObject(json);
    };
  }

  /** An object whose names are data. */
  static JsonBody byName(JsonBody values) {
    return json -> {
      json.writeStringField("type", "object");
      json.writeFieldName("additionalProperties");
      values.writeObject(json);
    };
  }

  /** An object of an answer, to which later versions may add. */
  static JsonBody object(Map<String, JsonBody> properties) {
    var sorted = new TreeMap<>(properties);
    return json -> {
      json.writeStringField("type", "object");
      json.writeObjectFieldStart("properties");
      for (Map.Entry<String, JsonBody> property : sorted.entrySet()) {
        json.writeFieldName(property.getKey());
        property.getValue().writeObject(json);
      }
      json.writeEndObject();
    };
  }

  /** An object of an answer that has one field for certain. */
  static JsonBody required(String name, JsonBody schema) {
    return json -> {
      object(Map.of(name, schema)).writeFields(json);
      having(name).writeFields(json);
    };
  }

  /** An object with that field. */
  static JsonBody having(String name) {
    return json -> {
      json.writeArrayFieldStart("required");
      json.writeString(name);
      json.writeEndArray();
    };
  }

  static JsonBody oneOf(JsonBody one, JsonBody other) {
    return json -> JsonBody.writeArray(json, "oneOf", List.of(one, other));
  }

  /** An object of arguments. */
  static JsonBody of(List<Field<?>> fields) {
    return json -> {
      json.writeStringField("type", "object");
      json.writeObjectFieldStart("properties");
      for (Field<?> field : fields) {
        field.write(json);
      }
      json.writeEndObject();
      List<String> required = fields.stream().filter(Field::isRequired).map(Field::name).toList();
      if (!required.isEmpty()) {
        json.writeArrayFieldStart("required");
        for (String name : required) {
          json.writeString(name);
        }
        json.writeEndArray();
      }
    };
  }
}
