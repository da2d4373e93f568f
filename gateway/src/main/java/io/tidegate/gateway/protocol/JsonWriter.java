package io.tidegate.gateway.protocol;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.Payload;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON as bytes. A message is run through it twice: first only measured, then written into
 * an array of just that size, so that payloads are copied once and nothing grows or is trimmed.
 */
final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final Payload NULL = Payload.utf8("null");

  private final byte @Nullable [] out;
  private int length;
  private boolean comma;

  private JsonWriter(byte @Nullable [] out) {
    this.out = out;
  }

  /** What {@code message} writes; it is called twice and must write the same each time. */
  static byte[] write(Consumer<JsonWriter> message) {
    var measure = new JsonWriter(null);
    message.accept(measure);
    byte[] bytes = new byte[measure.length];
    message.accept(new JsonWriter(bytes));
    return bytes;
  }

  @CanIgnoreReturnValue
  JsonWriter begin() {
    return open('{');
  }

  @CanIgnoreReturnValue
  JsonWriter end() {
    return close('}');
  }

  @CanIgnoreReturnValue
  JsonWriter beginArray() {
    return open('[');
  }

  @CanIgnoreReturnValue
  JsonWriter endArray() {
    return close(']');
  }

  /** The name of a field; its value comes next. */
  @CanIgnoreReturnValue
  JsonWriter key(String name) {
    separate();
    string(name);
    put(':');
    return this;
  }

  /** An element of an array comes next. */
  @CanIgnoreReturnValue
  JsonWriter element() {
    separate();
    return this;
  }

  @CanIgnoreReturnValue
  JsonWriter text(String name, String value) {
    key(name);
    string(value);
    return this;
  }

  @CanIgnoreReturnValue
  JsonWriter number(String name, long value) {
    key(name);
    ascii(Long.toString(value));
    return this;
  }

  /** Left out where it is false. */
  @CanIgnoreReturnValue
  JsonWriter flag(String name, boolean value) {
    if (!value) {
      return this;
    }
    key(name);
    ascii("true");
    return this;
  }

  /** JSON as it is; left out where it is absent. */
  @CanIgnoreReturnValue
  JsonWriter raw(String name, @Nullable Payload value) {
    if (value == null) {
      return this;
    }
    key(name);
    // No bytes are no JSON, and one bad value would spoil a frame of many messages.
    byte[] bytes = (value.length() == 0 ? NULL : value).bytes();
    if (out != null) {
      System.arraycopy(bytes, 0, out, length, bytes.length);
    }
    length += bytes.length;
    return this;
  }

  @CanIgnoreReturnValue
  private JsonWriter open(char bracket) {
    put(bracket);
    comma = false;
    return this;
  }

  @CanIgnoreReturnValue
  private JsonWriter close(char bracket) {
    put(bracket);
    comma = true;
    return this;
  }

  private void separate() {
    if (comma) {
      put(',');
    }
    comma = true;
  }

  private void string(String text) {
    put('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        put('\\');
        put(c);
      } else if (c < 0x20) {
        escape(c);
      } else if (c < 0x80) {
        put(c);
      } else if (c < 0x800) {
        put(0xc0 | (c >> 6));
        put(0x80 | (c & 0x3f));
      } else if (!Character.isSurrogate(c)) {
        put(0xe0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3f));
        put(0x80 | (c & 0x3f));
      } else {
        i += surrogate(text, i);
      }
    }
    put('"');
  }

  /** Returns how many more characters were consumed. A half pair has no UTF-8, only an escape. */
  private int surrogate(String text, int i) {
    int point = text.codePointAt(i);
    if (!Character.isSupplementaryCodePoint(point)) {
      escape(text.charAt(i));
      return 0;
    }
    put(0xf0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3f));
    put(0x80 | ((point >> 6) & 0x3f));
    put(0x80 | (point & 0x3f));
    return 1;
  }

  private void escape(char c) {
    ascii("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      put(HEX[(c >> shift) & 0xf]);
    }
  }

  private void ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      put(text.charAt(i));
    }
  }

  private void put(int b) {
    if (out != null) {
      out[length] = (byte) b;
    }
    length++;
  }
}
