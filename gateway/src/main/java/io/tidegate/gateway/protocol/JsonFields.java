package io.tidegate.gateway.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPosition;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one command. They are read as they come and looked at by name and type afterwards,
 * since the message's id, which an answer needs, may come behind them. Unknown fields are skipped;
 * of a field given twice the last counts; {@code null} is an absent field, except as required data.
 */
final class JsonFields {
  /** A field that is missing or not what it must be. The message is what the client is told. */
  static final class FieldException extends Exception {
    private static final long serialVersionUID = 1L;

    FieldException(String field, String value, String expected) {
      super(field + ": " + value + " (expected: " + expected + ")", null, false, false);
    }
  }

  private static final Set<String> KNOWN =
      Set.of(
          "channel",
          "data",
          "epoch",
          "flag",
          "join_leave",
          "limit",
          "method",
          "name",
          "offset",
          "positioned",
          "recover",
          "recoverable",
          "reverse",
          "since",
          "subs",
          "tf",
          "token",
          "type",
          "version");
  private static final Set<String> KNOWN_IN_SINCE = Set.of("epoch", "offset");
  private static final Set<String> KNOWN_IN_SUB = Set.of("epoch", "offset", "recover");
  private static final Payload NULL = Payload.utf8("null");

  /** A value of a type that no field has. */
  private static final Object OTHER = new Object();

  private final Map<String, Object> values = new HashMap<>();

  private JsonFields() {}

  /** Reads the object that {@code parser}, which reads {@code frame} from its start, stands at. */
  static JsonFields read(JsonParser parser, byte[] frame) throws IOException {
    return read(parser, frame, KNOWN);
  }

  private static JsonFields read(JsonParser parser, byte[] frame, Set<String> known)
      throws IOException {
    var fields = new JsonFields();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (known.contains(name)) {
        Object value =
            name.equals("data")
                ? rawValue(parser, token, frame)
                : value(parser, token, frame, name);
        fields.values.put(name, value);
      } else {
        parser.skipChildren();
      }
    }
    return fields;
  }

  private static Object value(JsonParser parser, JsonToken token, byte[] frame, String name)
      throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          ? OTHER
          : (Object) parser.getLongValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE;
    }
    if (token == JsonToken.VALUE_NULL) {
      return NULL;
    }
    if (token == JsonToken.START_OBJECT && name.equals("since")) {
      return read(parser, frame, KNOWN_IN_SINCE);
    }
    if (token == JsonToken.START_OBJECT && name.equals("subs")) {
      return subs(parser, frame);
    }
    parser.skipChildren();
    return OTHER;
  }

  private static Map<String, JsonFields> subs(JsonParser parser, byte[] frame) throws IOException {
    var subs = new HashMap<String, JsonFields>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String channel = parser.currentName();
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        subs.put(channel, read(parser, frame, KNOWN_IN_SUB));
      } else {
        parser.skipChildren();
      }
    }
    return subs;
  }

  private static Payload rawValue(JsonParser parser, JsonToken token, byte[] frame)
      throws IOException {
    int from = (int) parser.currentTokenLocation().getByteOffset();
    if (token == JsonToken.VALUE_STRING) {
      return JsonData.cut(frame, from, endOfString(frame, from));
    }
    parser.skipChildren();
    return JsonData.cut(frame, from, (int) parser.currentLocation().getByteOffset());
  }

  // The parser stands somewhere before the end of a string and would copy it to get there. A string
  // that turns out to be invalid fails the frame at the next token, before anybody sees it.
  private static int endOfString(byte[] frame, int from) {
    int i = from + 1;
    while (i < frame.length && frame[i] != '"') {
      i += frame[i] == '\\' ? 2 : 1;
    }
    return Math.min(i + 1, frame.length);
  }

  /** A string of at least one character. */
  String name(String field) throws FieldException {
    String text = text(field);
    if (text == null) {
      throw new FieldException(field, "missing or empty", "a string");
    }
    return text;
  }

  /** A string; absent where it is missing or empty, which the protocol does not tell apart. */
  @Nullable String text(String field) throws FieldException {
    Object value = get(field);
    if (value == null) {
      return null;
    }
    if (!(value instanceof String text)) {
      throw new FieldException(field, "of another type", "a string");
    }
    // Such a text would be another one as soon as it is encoded.
    if (!Utf8.encodable(text)) {
      throw new FieldException(field, "half a surrogate pair", "Unicode text");
    }
    return text.isEmpty() ? null : text;
  }

  String textOrEmpty(String field) throws FieldException {
    String text = text(field);
    return text == null ? "" : text;
  }

  boolean flag(String field) throws FieldException {
    Object value = get(field);
    if (value != null && !(value instanceof Boolean)) {
      throw new FieldException(field, "of another type", "true or false");
    }
    return value != null && (Boolean) value;
  }

  /** A whole number between {@code min} and {@code max}; 0 where it is missing. */
  long number(String field, long min, long max) throws FieldException {
    Object value = get(field);
    if (value == null) {
      return 0;
    }
    if (!(value instanceof Long number) || number < min || number > max) {
      String found = value instanceof Long ? value.toString() : "not such a number";
      throw new FieldException(field, found, "a whole number from " + min + " to " + max);
    }
    return number;
  }

  @Nullable Payload data() {
    Payload data = dataOrNull();
    return data.equals(NULL) ? null : data;
  }

  /** The data, {@code null} being data like any other. */
  Payload requiredData() throws FieldException {
    if (!values.containsKey("data")) {
      throw new FieldException("data", "missing", "a JSON value");
    }
    return dataOrNull();
  }

  /** The data; JSON {@code null} where they are missing. */
  Payload dataOrNull() {
    return values.get("data") instanceof Payload data ? data : NULL;
  }

  /**
   * The position in these fields. Without an epoch it is one that no stream ever has, so that
   * nothing is said to be recovered from it.
   */
  StreamPosition position() throws FieldException {
    return new StreamPosition(textOrEmpty("epoch"), number("offset", 0, Long.MAX_VALUE));
  }

  boolean has(String field) {
    return get(field) != null;
  }

  /** Of an object of positions by channel, those that the client wants to go on from. */
  Map<String, StreamPosition> positions(String field) throws FieldException {
    Object value = get(field);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> subs)) {
      throw new FieldException(field, "of another type", "an object of positions by channel");
    }
    var positions = new HashMap<String, StreamPosition>();
    for (Map.Entry<?, ?> entry : subs.entrySet()) {
      if (entry.getValue() instanceof JsonFields sub && sub.flag("recover")) {
        positions.put((String) entry.getKey(), sub.position());
      }
    }
    return positions;
  }

  @Nullable StreamPosition since() throws FieldException {
    Object value = get("since");
    if (value == null) {
      return null;
    }
    if (!(value instanceof JsonFields since)) {
      throw new FieldException("since", "of another type", "an object with epoch and offset");
    }
    if (since.text("epoch") == null) {
      throw new FieldException("since.epoch", "missing or empty", "the epoch of a position");
    }
    return since.position();
  }

  private @Nullable Object get(String field) {
    Object value = values.get(field);
    return value == NULL ? null : value;
  }
}
