package io.tidegate.gateway.protocol;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPosition;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one command, in whichever form they came. They are taken as they come and looked at
 * by name and type afterwards, since the message's id, which an answer needs, may come behind them.
 * Of a field given twice the last counts; {@code null} is an absent field, except as required data.
 */
final class Fields {
  /** A field that is missing or not what it must be. The message is what the client is told. */
  static final class FieldException extends Exception {
    private static final long serialVersionUID = 1L;

    FieldException(String field, String value, String expected) {
      super(field + ": " + value + " (expected: " + expected + ")", null, false, false);
    }
  }

  static final Payload NULL = Payload.utf8("null");

  /** Positions that one command may bring: more than a client has subscriptions. */
  static final int MOST_POSITIONS = 1_024;

  /** In place of more positions than that, which are not kept. */
  static final Object TOO_MANY = new Object();

  /** A value of a type that no field has. */
  static final Object OTHER = new Object();

  private final Map<String, Object> values = new HashMap<>();

  /**
   * Takes a field's value: a text, a number as {@link Long}, a flag, data, the fields within it,
   * those by channel, {@link #NULL} or {@link #OTHER}; absent where it was none after all.
   */
  void put(String field, @Nullable Object value) {
    if (value == null) {
      values.remove(field);
    } else {
      values.put(field, value);
    }
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
    if (value == TOO_MANY) {
      throw new FieldException(field, "too many", "at most " + MOST_POSITIONS + " channels");
    }
    if (!(value instanceof Map<?, ?> subs)) {
      throw new FieldException(field, "of another type", "an object of positions by channel");
    }
    var positions = new HashMap<String, StreamPosition>();
    for (Map.Entry<?, ?> entry : subs.entrySet()) {
      if (entry.getValue() instanceof Fields sub && sub.flag("recover")) {
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
    if (!(value instanceof Fields since)) {
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
