package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.backplane.Payload;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One argument of a method, declared once: how it is read, what it has to be, and how it stands in
 * the OpenAPI document. An empty string is how many client libraries say that there is none.
 */
final class Field<T> {
  private final String name;
  private final String about;
  private final JsonBody schema;
  private final Reader<T> reader;
  private @Nullable T otherwise;
  private @Nullable String expected;

  private interface Reader<T> {
    @Nullable T read(Params params, String name);
  }

  private Field(String name, String about, JsonBody schema, Reader<T> reader) {
    this.name = requireNonNull(name, "name");
    this.about = requireNonNull(about, "about");
    this.schema = schema;
    this.reader = reader;
  }

  /** Text; empty text counts as absent. */
  static Field<String> text(String name, int maxBytes, String about) {
    return new Field<>(
        name,
        about,
        Schema.text(maxBytes),
        (params, key) -> {
          String value = params.optionalString(key, maxBytes);
          return value == null || value.isEmpty() ? null : value;
        });
  }

  /** The name of a channel, which its rules judge; an empty one, too. */
  static Field<String> channel(String about) {
    return new Field<String>(
            "channel",
            about,
            Schema.STRING,
            (params, key) -> params.optionalString(key, Integer.MAX_VALUE))
        .required("a string");
  }

  static Field<Boolean> flag(String name, String about) {
    return new Field<Boolean>(name, about, Schema.FLAG, Params::flag).or(false);
  }

  static Field<Long> integer(String name, long otherwise, long min, long max, String about) {
    return new Field<Long>(
            name,
            about,
            Schema.integer(otherwise, min, max),
            (params, key) -> params.integer(key, otherwise, min, max))
        .or(otherwise);
  }

  static Field<List<String>> texts(String name, int maxItems, int maxBytes, String about) {
    return new Field<List<String>>(
            name,
            about,
            Schema.texts(maxItems),
            (params, key) -> params.strings(key, maxItems, maxBytes))
        .or(List.of());
  }

  static Field<Map<String, String>> textByName(
      String name, int maxItems, int maxBytes, String about) {
    return new Field<Map<String, String>>(
            name,
            about,
            Schema.textByName(maxItems),
            (params, key) -> params.stringMap(key, maxItems, maxBytes))
        .or(Map.of());
  }

  /** Any JSON value as it was sent, {@code null} too. */
  static Field<Payload> json(String name, String about) {
    return new Field<>(name, about, Schema.ANYTHING, Params::raw);
  }

  /** Bytes. */
  static Field<Payload> base64(String name, String about) {
    return new Field<>(name, about, Schema.BASE64, Field::decode);
  }

  static Field<Params> object(String name, String about, List<Field<?>> fields) {
    return new Field<>(
        name,
        about,
        Schema.of(fields),
        (params, key) -> {
          Params inside = params.object(key);
          return inside == null ? null : inside.only(fields);
        });
  }

  static Field<List<Params>> objects(String name, int maxItems, String about) {
    return new Field<List<Params>>(
            name, about, Schema.objects(maxItems), (params, key) -> params.objects(key, maxItems))
        .or(List.of());
  }

  /** A list in which there has to be something. */
  static <T> Field<List<T>> notEmpty(Field<List<T>> list) {
    return new Field<List<T>>(
            list.name,
            list.about,
            json -> {
              list.schema.writeFields(json);
              json.writeNumberField("minItems", 1);
            },
            (params, key) -> {
              List<T> found = list.of(params);
              return found.isEmpty() ? null : found;
            })
        .required("at least one");
  }

  /** The field, which a caller has to give; {@code what} tells the one who does not. */
  Field<T> required(String what) {
    expected = what;
    return this;
  }

  private Field<T> or(T value) {
    otherwise = value;
    return this;
  }

  String name() {
    return name;
  }

  boolean isRequired() {
    return expected != null;
  }

  /** The value, or what holds where there is none. */
  T of(Params params) {
    T value = in(params);
    if (value == null) {
      value = otherwise;
    }
    if (value == null) {
      throw ApiException.badRequest(name, expected == null ? "a value" : expected);
    }
    return value;
  }

  /** The value, if there is one. */
  @Nullable T in(Params params) {
    return reader.read(params, name);
  }

  /** Writes it as a property of a JSON schema. */
  void write(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart(name);
    schema.writeFields(json);
    json.writeStringField("description", about);
    json.writeEndObject();
  }

  private static @Nullable Payload decode(Params params, String name) {
    String text = params.optionalString(name, Integer.MAX_VALUE);
    if (text == null) {
      return null;
    }
    try {
      return Payload.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw ApiException.badRequest(name, "base64");
    }
  }
}
