package io.tidegate.gateway.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.backplane.Payload;
import java.io.IOException;
import java.util.HashMap;
import java.util.Set;

/** Reads the fields of one command of the JSON protocol. Unknown ones are skipped. */
final class JsonFields {
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

  private JsonFields() {}

  /** Reads the object that {@code parser}, which reads {@code frame} from its start, stands at. */
  static Fields read(JsonParser parser, byte[] frame) throws IOException {
    return read(parser, frame, KNOWN);
  }

  private static Fields read(JsonParser parser, byte[] frame, Set<String> known)
      throws IOException {
    var fields = new Fields();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (known.contains(name)) {
        Object value =
            name.equals("data")
                ? rawValue(parser, token, frame)
                : value(parser, token, frame, name);
        fields.put(name, value);
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
          ? Fields.OTHER
          : (Object) parser.getLongValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE;
    }
    if (token == JsonToken.VALUE_NULL) {
      return Fields.NULL;
    }
    if (token == JsonToken.START_OBJECT && name.equals("since")) {
      return read(parser, frame, KNOWN_IN_SINCE);
    }
    if (token == JsonToken.START_OBJECT && name.equals("subs")) {
      return subs(parser, frame);
    }
    parser.skipChildren();
    return Fields.OTHER;
  }

  private static Object subs(JsonParser parser, byte[] frame) throws IOException {
    var subs = new HashMap<String, Fields>();
    boolean tooMany = false;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String channel = parser.currentName();
      JsonToken token = parser.nextToken();
      tooMany |= subs.size() == Fields.MOST_POSITIONS;
      if (token == JsonToken.START_OBJECT && !tooMany) {
        subs.put(channel, read(parser, frame, KNOWN_IN_SUB));
      } else {
        parser.skipChildren();
      }
    }
    return tooMany ? Fields.TOO_MANY : subs;
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
}
