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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token's payload says, each claim of the right type and size; not yet judged. Times are
 * milliseconds since the Unix epoch. Claims that the gateway does not know are skipped.
 *
 * @param audience absent where the token has no {@code aud}; it may hold an empty array
 * @param expireAt ends the connection in place of {@code exp}; 0 for never
 */
record Claims(
    String subject,
    @Nullable String issuer,
    @Nullable Set<String> audience,
    @Nullable Long expires,
    @Nullable Long notBefore,
    @Nullable Long issuedAt,
    @Nullable Long expireAt,
    @Nullable Payload info,
    Set<String> channels) {
  static final int MAX_SUBJECT_BYTES = 255;
  static final int MAX_INFO_BYTES = 4096;
  static final int MAX_CHANNELS = 128;
  static final int MAX_CHANNEL_BYTES = 1024;
  private static final int MAX_AUDIENCES = 32;
  // The last second of the year 9999, so that milliseconds are far from overflow.
  private static final long MAX_SECONDS = 253_402_300_799L;

  /** Reads {@code payload}, a JSON object. */
  static Claims parse(byte[] payload) throws AuthException {
    byte[] json;
    try {
      json = JsonData.normalize(payload, 0, payload.length).bytes();
      try (JsonParser parser = JsonSlice.parser(json)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new AuthException(MALFORMED_TOKEN, "payload (expected: a JSON object)");
        }
        return new Reader(json, parser).read();
      }
    } catch (IOException | NotJsonException e) {
      throw new AuthException(MALFORMED_TOKEN, "payload (expected: a JSON object)");
    }
  }

  /** Collects the claims of one token, in whatever order they come. */
  private static final class Reader {
    private final byte[] json;
    private final JsonParser parser;
    private final Set<String> seen = new HashSet<>();
    private @Nullable String subject;
    private @Nullable String issuer;
    private @Nullable Set<String> audience;
    private @Nullable Long expires;
    private @Nullable Long notBefore;
    private @Nullable Long issuedAt;
    private @Nullable Long expireAt;
    private @Nullable Payload info;
    private Set<String> channels = Set.of();

    Reader(byte[] json, JsonParser parser) {
      this.json = json;
      this.parser = parser;
    }

    Claims read() throws AuthException, IOException, NotJsonException {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        // RFC 7519 section 4: names are unique; two readers must never see two different tokens.
        if (!seen.add(name)) {
          throw new AuthException(MALFORMED_TOKEN, "payload (expected: each claim once)");
        }
        if (value == JsonToken.VALUE_NULL) {
          continue;
        }
        claim(name);
      }
      if (subject == null) {
        throw new AuthException(BAD_CLAIM, "sub: none (expected: the user, empty for anonymous)");
      }
      return new Claims(
          subject, issuer, audience, expires, notBefore, issuedAt, expireAt, info, channels);
    }

    private void claim(String name) throws AuthException, IOException, NotJsonException {
      switch (name) {
        case "sub" -> subject = string(name, MAX_SUBJECT_BYTES);
        case "iss" -> issuer = string(name, MAX_CHANNEL_BYTES);
        case "aud" -> audience = strings(name, MAX_AUDIENCES);
        case "exp" -> expires = millis(name);
        case "nbf" -> notBefore = millis(name);
        case "iat" -> issuedAt = millis(name);
        case "expire_at" -> expireAt = millis(name);
        case "info" -> info = info();
        case "channels" -> channels = channels();
        // A subscription token is signed with the same keys and says less than a connection's.
        case "channel" -> throw bad(name, "none in a connection's token");
        default -> parser.skipChildren();
      }
    }

    private String string(String name, int maxBytes) throws AuthException, IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        throw bad(name, "a string");
      }
      String text = parser.getText();
      // A lone surrogate has no UTF-8 form: two different names would become the same bytes.
      if (!UTF_8.newEncoder().canEncode(text) || text.chars().anyMatch(Character::isISOControl)) {
        throw bad(name, "printable text");
      }
      if (text.getBytes(UTF_8).length > maxBytes) {
        throw bad(name, "at most " + maxBytes + " bytes");
      }
      return text;
    }

    private Set<String> channels() throws AuthException, IOException {
      if (!parser.hasToken(JsonToken.START_ARRAY)) {
        throw bad("channels", "an array of strings");
      }
      return strings("channels", MAX_CHANNELS);
    }

    private Set<String> strings(String name, int most) throws AuthException, IOException {
      if (!parser.hasToken(JsonToken.START_ARRAY)) {
        return Set.of(string(name, MAX_CHANNEL_BYTES));
      }
      Set<String> values = new LinkedHashSet<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values.add(string(name, MAX_CHANNEL_BYTES));
        if (values.size() > most) {
          throw bad(name, "at most " + most + " items");
        }
      }
      return values;
    }

    private Payload info() throws AuthException, IOException, NotJsonException {
      Payload value = JsonSlice.take(parser, json);
      if (value.length() > MAX_INFO_BYTES) {
        throw bad("info", "at most " + MAX_INFO_BYTES + " bytes");
      }
      return value;
    }

    // RFC 7519 section 2: a NumericDate is a number of seconds and may have a fraction.
    private long millis(String name) throws AuthException, IOException {
      if (!parser.currentToken().isNumeric()) {
        throw bad(name, "seconds since 1970");
      }
      double seconds = parser.getDoubleValue();
      if (!(seconds >= 0 && seconds <= MAX_SECONDS)) {
        throw bad(name, "seconds since 1970, up to the year 9999");
      }
      return (long) (seconds * 1000);
    }

    private static AuthException bad(String name, String expected) {
      return new AuthException(BAD_CLAIM, name + " (expected: " + expected + ")");
    }
  }
}
