package io.tidegate.gateway.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.tidegate.backplane.Payload;
import java.io.IOException;
import java.util.Arrays;

/**
 * The one gate through which data become JSON payloads. What leaves it is exactly one valid JSON
 * value in valid UTF-8 without raw line breaks, so that it can stand inside any frame as it is.
 *
 * <p>Bytes are kept as they came, so numbers, escapes and repeated names reach the other side
 * unchanged; only where they hold line breaks is white space between tokens left out.
 */
public final class JsonData {
  static final JsonFactory FACTORY = new IsolatedJsonFactory();

  private JsonData() {}

  /**
   * Validates {@code length} bytes from {@code offset} and copies them, compacted where they hold
   * line breaks. Values nested deeper than 500 and numbers or names beyond any use are refused.
   *
   * @throws NotJsonException when they are not one JSON value (RFC 8259) in UTF-8 (RFC 3629)
   */
  public static Payload normalize(byte[] bytes, int offset, int length) throws NotJsonException {
    if (!Utf8.valid(bytes, offset, offset + length)) {
      throw new NotJsonException("invalid UTF-8 (expected: one JSON value in UTF-8)");
    }
    try (JsonParser parser = FACTORY.createParser(bytes, offset, length)) {
      if (parser.nextToken() == null) {
        throw new NotJsonException("nothing (expected: one JSON value)");
      }
      parser.skipChildren();
      if (parser.nextToken() != null) {
        throw new NotJsonException("more than one value (expected: one JSON value)");
      }
    } catch (IOException e) {
      throw new NotJsonException("not valid JSON (expected: one JSON value)");
    }
    return cut(bytes, offset, offset + length);
  }

  /** The value between {@code from} and {@code to}, which a parser found to be one valid value. */
  static Payload cut(byte[] bytes, int from, int to) {
    return hasLineBreak(bytes, from, to)
        ? compact(bytes, from, to)
        : Payload.of(Arrays.copyOfRange(bytes, from, to));
  }

  private static boolean hasLineBreak(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        return true;
      }
    }
    return false;
  }

  // In valid JSON white space is insignificant outside of strings, and raw line breaks cannot be in
  // them (RFC 8259 sections 2 and 7).
  private static Payload compact(byte[] bytes, int from, int to) {
    byte[] compacted = new byte[to - from];
    int length = 0;
    boolean inString = false;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (!inString && (b == ' ' || b == '\t' || b == '\n' || b == '\r')) {
        continue;
      }
      compacted[length++] = b;
      if (b == '"') {
        inString = !inString;
      } else if (b == '\\') {
        compacted[length++] = bytes[++i];
      }
    }
    return Payload.of(Arrays.copyOf(compacted, length));
  }
}
