package io.tidegate.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.JsonData;
import io.tidegate.gateway.protocol.JsonSlice;
import io.tidegate.gateway.protocol.NotJsonException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request's JSON object: each field's value as the bytes that were sent, read when asked for.
 * What is not of the type or size asked for is an {@link ApiException} naming the field. Unknown
 * fields are ignored; {@code null} counts as absent except as data.
 */
final class Params {
  static final int NAME_BYTES = 255;

  private final Map<String, Payload> fields;

  private Params(Map<String, Payload> fields) {
    this.fields = fields;
  }

  /** Reads {@code body}, one JSON object with unique names. */
  static Params parse(byte[] body) throws NotJsonException {
    byte[] json = JsonData.normalize(body, 0, body.length).bytes();
    var fields = new LinkedHashMap<String, Payload>();
    try (JsonParser parser = JsonSlice.parser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new NotJsonException("another value (expected: a JSON object)");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        var ignored = parser.nextToken();
        if (fields.put(name, JsonSlice.take(parser, json)) != null) {
          throw new NotJsonException("a repeated name (expected: each field once)");
        }
      }
    } catch (IOException e) {
      throw new NotJsonException("not valid JSON (expected: a JSON object)");
    }
    return new Params(fields);
  }

  /** Those of {@code fields} alone. */
  Params only(List<Field<?>> fields) {
    var kept = new LinkedHashMap<String, Payload>();
    for (Field<?> field : fields) {
      Payload value = this.fields.get(field.name());
      if (value != null) {
        kept.put(field.name(), value);
      }
    }
    return new Params(kept);
  }

  /** The names of the fields, in their order. */
  Set<String> names() {
    return fields.keySet();
  }

  /** The object as it was read. */
  Payload toPayload() {
    JsonBody body =
        json -> {
          for (Map.Entry<String, Payload> field : fields.entrySet()) {
            JsonBody.writeRaw(json, field.getKey(), field.getValue());
          }
        };
    return body.toPayload();
  }

  /** The value as it was sent, {@code null} too. */
  @Nullable Payload raw(String name) {
    return fields.get(name);
  }

  String string(String name, int maxBytes) {
    String value = optionalString(name, maxBytes);
    if (value == null) {
      throw ApiException.badRequest(name, "a string");
    }
    return value;
  }

  @Nullable String optionalString(String name, int maxBytes) {
    return read(name, parser -> text(parser, name, maxBytes));
  }

  @Nullable Boolean flag(String name) {
    return read(
        name,
        parser -> {
          if (!parser.currentToken().isBoolean()) {
            throw ApiException.badRequest(name, "true or false");
          }
          return parser.getBooleanValue();
        });
  }

  long integer(String name, long otherwise, long min, long max) {
    Long value = read(name, parser -> integer(parser, name, min, max));
    return value == null ? otherwise : value;
  }

  private static long integer(JsonParser parser, String name, long min, long max)
      throws IOException {
    if (parser.hasToken(JsonToken.VALUE_NUMBER_INT)
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = parser.getLongValue();
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw ApiException.badRequest(name, "an integer, " + min + " to " + max);
  }

  /** An array of strings; empty where absent. */
  List<String> strings(String name, int maxItems, int maxBytes) {
    List<String> found =
        read(
            name,
            parser -> {
              if (!parser.hasToken(JsonToken.START_ARRAY)) {
                throw ApiException.badRequest(name, "an array of strings");
              }
              var values = new ArrayList<String>();
              while (parser.nextToken() != JsonToken.END_ARRAY) {
                values.add(text(parser, name, maxBytes));
                requireAtMost(name, values.size(), maxItems);
              }
              return values;
            });
    return found == null ? List.of() : found;
  }

  /** An object of strings; empty where absent. */
  Map<String, String> stringMap(String name, int maxItems, int maxBytes) {
    Map<String, String> found =
        read(
            name,
            parser -> {
              if (!parser.hasToken(JsonToken.START_OBJECT)) {
                throw ApiException.badRequest(name, "an object of strings");
              }
              var values = new LinkedHashMap<String, String>();
              while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = requireText(parser.currentName(), name, maxBytes);
                var ignored = parser.nextToken();
                values.put(key, text(parser, name, maxBytes));
                requireAtMost(name, values.size(), maxItems);
              }
              return values;
            });
    return found == null ? Map.of() : found;
  }

  /** A nested object; absent where it is. */
  @Nullable Params object(String name) {
    Payload value = fields.get(name);
    if (value == null || value.text().equals("null")) {
      return null;
    }
    return object(name, value);
  }

  private static Params object(String name, Payload value) {
    try {
      return parse(value.bytes());
    } catch (NotJsonException e) {
      throw ApiException.badRequest(name, "an object");
    }
  }

  /** An array of objects; empty where absent. */
  List<Params> objects(String name, int maxItems) {
    List<Params> found =
        read(
            name,
            parser -> {
              if (!parser.hasToken(JsonToken.START_ARRAY)) {
                throw ApiException.badRequest(name, "an array of objects");
              }
              byte[] json = requireNonNull(fields.get(name)).bytes();
              var values = new ArrayList<Params>();
              while (parser.nextToken() != JsonToken.END_ARRAY) {
                values.add(object(name, JsonSlice.take(parser, json)));
                requireAtMost(name, values.size(), maxItems);
              }
              return values;
            });
    return found == null ? List.of() : found;
  }

  private static void requireAtMost(String name, int size, int maxItems) {
    if (size > maxItems) {
      throw ApiException.badRequest(name, "at most " + maxItems + " items");
    }
  }

  private static String text(JsonParser parser, String name, int maxBytes) throws IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      throw ApiException.badRequest(name, "a string");
    }
    return requireText(parser.getText(), name, maxBytes);
  }

  // A lone surrogate has no UTF-8 form: two different texts would become the same bytes.
  private static String requireText(String text, String name, int maxBytes) {
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw ApiException.badRequest(name, "valid Unicode");
    }
    if (text.getBytes(UTF_8).length > maxBytes) {
      throw ApiException.badRequest(name, "at most " + maxBytes + " bytes");
    }
    return text;
  }

  private interface Reader<T> {
    T read(JsonParser parser) throws IOException, NotJsonException;
  }

  private <T> @Nullable T read(String name, Reader<T> reader) {
    Payload value = fields.get(name);
    if (value == null) {
      return null;
    }
    try (JsonParser parser = JsonSlice.parser(value.bytes())) {
      return parser.nextToken() == JsonToken.VALUE_NULL ? null : reader.read(parser);
    } catch (IOException | NotJsonException e) {
      throw ApiException.badRequest(name, "a value within the limits of a number or text");
    }
  }
}
