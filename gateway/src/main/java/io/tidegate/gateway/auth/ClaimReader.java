package io.tidegate.gateway.auth;

import static io.tidegate.gateway.auth.AuthException.Reason.BAD_CLAIM;
import static io.tidegate.gateway.auth.AuthException.Reason.MALFORMED_TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.JsonData;
import io.tidegate.gateway.protocol.JsonSlice;
import io.tidegate.gateway.protocol.NotJsonException;
import java.io.IOException;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token's payload under a cursor. Each method takes the value at the cursor and refuses one of
 * another type or size than is expected, naming the claim and never telling its value. Not
 * thread-safe.
 */
final class ClaimReader {
  /** Bytes of a channel's name, a pattern, an issuer or an audience at most. */
  static final int MAX_NAME_BYTES = 1024;

  /** Bytes of one JSON value at most. */
  static final int MAX_JSON_BYTES = 4096;

  // The last second of the year 9999, so that milliseconds are far from overflow.
  private static final long MAX_SECONDS = 253_402_300_799L;

  private final byte[] json;
  private final JsonParser parser;

  private ClaimReader(byte[] json, JsonParser parser) {
    this.json = json;
    this.parser = parser;
  }

  /** Takes one member of an object; the cursor is on its value, which is not null. */
  @FunctionalInterface
  interface Member {
    void take(String name, ClaimReader value) throws AuthException, IOException, NotJsonException;
  }

  /** Takes one item of an array; the cursor is on it. */
  @FunctionalInterface
  interface Item {
    void take() throws AuthException, IOException, NotJsonException;
  }

  /** Takes all claims of {@code payload}, a JSON object, in the order in which they come. */
  static void read(byte[] payload, Member each) throws AuthException {
    try {
      byte[] json = JsonData.normalize(payload, 0, payload.length).bytes();
      try (JsonParser parser = JsonSlice.parser(json)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new AuthException(MALFORMED_TOKEN, "payload (expected: a JSON object)");
        }
        new ClaimReader(json, parser).members(each);
      }
    } catch (IOException | NotJsonException e) {
      throw new AuthException(MALFORMED_TOKEN, "payload (expected: a JSON object)");
    }
  }

  static AuthException bad(String name, String expected) {
    return new AuthException(BAD_CLAIM, name + " (expected: " + expected + ")");
  }

  /** Takes the members of an object; those that are null count as absent. */
  void object(String name, Member each) throws AuthException, IOException, NotJsonException {
    if (!parser.hasToken(JsonToken.START_OBJECT)) {
      throw bad(name, "an object");
    }
    members(each);
  }

  private void members(Member each) throws AuthException, IOException, NotJsonException {
    var seen = new HashSet<String>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      // RFC 7519 section 4: names are unique; two readers must never see two different tokens.
      if (!seen.add(name)) {
        throw new AuthException(MALFORMED_TOKEN, "payload (expected: each name once)");
      }
      if (value != JsonToken.VALUE_NULL) {
        each.take(name, this);
      }
    }
  }

  /** Takes the items of an array. */
  void array(String name, String of, Item each)
      throws AuthException, IOException, NotJsonException {
    if (!parser.hasToken(JsonToken.START_ARRAY)) {
      throw bad(name, "an array of " + of);
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      each.take();
    }
  }

  String string(String name, int maxBytes) throws AuthException, IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      throw bad(name, "a string");
    }
    return printable(name, parser.getText(), maxBytes);
  }

  // A lone surrogate has no UTF-8 form: two different names would become the same bytes.
  static String printable(String name, String text, int maxBytes) throws AuthException {
    if (!UTF_8.newEncoder().canEncode(text) || text.chars().anyMatch(Character::isISOControl)) {
      throw bad(name, "printable text");
    }
    if (text.getBytes(UTF_8).length > maxBytes) {
      throw bad(name, "at most " + maxBytes + " bytes");
    }
    return text;
  }

  /** An array of strings. */
  Set<String> strings(String name, int most) throws AuthException, IOException, NotJsonException {
    Set<String> values = new LinkedHashSet<>();
    array(
        name,
        "strings",
        () -> {
          values.add(string(name, MAX_NAME_BYTES));
          if (values.size() > most) {
            throw bad(name, "at most " + most + " items");
          }
        });
    return values;
  }

  /** One string, or an array of them. */
  Set<String> stringOrStrings(String name, int most)
      throws AuthException, IOException, NotJsonException {
    return parser.hasToken(JsonToken.START_ARRAY)
        ? strings(name, most)
        : Set.of(string(name, MAX_NAME_BYTES));
  }

  boolean bool(String name) throws AuthException {
    if (!parser.currentToken().isBoolean()) {
      throw bad(name, "true or false");
    }
    return parser.hasToken(JsonToken.VALUE_TRUE);
  }

  // RFC 7519 section 2: a NumericDate is a number of seconds and may have a fraction.
  long millis(String name) throws AuthException, IOException {
    if (!parser.currentToken().isNumeric()) {
      throw bad(name, "seconds since 1970");
    }
    double seconds = parser.getDoubleValue();
    if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
      throw bad(name, "seconds since 1970, up to the year 9999");
    }
    return (long) (seconds * 1000);
  }

  /** Any JSON value. */
  Payload json(String name) throws AuthException, IOException, NotJsonException {
    return bounded(name, JsonSlice.take(parser, json));
  }

  /** A JSON value in base64; absent where the text is empty. */
  @Nullable Payload base64(String name) throws AuthException, IOException {
    if (!parser.hasToken(JsonToken.VALUE_STRING)) {
      throw bad(name, "a string");
    }
    String text = parser.getText();
    if (text.isEmpty()) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return bounded(name, JsonData.normalize(bytes, 0, bytes.length));
    } catch (IllegalArgumentException | NotJsonException e) {
      throw bad(name, "JSON in base64");
    }
  }

  private static Payload bounded(String name, Payload value) throws AuthException {
    if (value.length() > MAX_JSON_BYTES) {
      throw bad(name, "at most " + MAX_JSON_BYTES + " bytes");
    }
    return value;
  }

  /** Passes over the value. */
  void skip() throws IOException {
    var ignored = parser.skipChildren();
  }
}
