package io.tidegate.gateway.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one frame of the JSON protocol: objects behind each other, in practice one per line.
 * Confined to the call that decodes the frame.
 */
final class JsonDecoder {
  private final byte[] frame;
  private final JsonParser parser;

  private JsonDecoder(byte[] frame, JsonParser parser) {
    this.frame = frame;
    this.parser = parser;
  }

  static void decode(byte[] frame, int maxMessages, Consumer<Command> commands)
      throws MalformedFrameException {
    if (!Utf8.valid(frame, 0, frame.length)) {
      throw new MalformedFrameException("frame: invalid UTF-8 (expected: JSON in UTF-8)");
    }
    try (JsonParser parser = JsonData.FACTORY.createParser(frame)) {
      var decoder = new JsonDecoder(frame, parser);
      int messages = 0;
      while (decoder.next()) {
        ClientMessage.requireRoom(++messages, maxMessages);
        commands.accept(decoder.message());
      }
      if (messages == 0) {
        throw new MalformedFrameException("frame: empty (expected: a JSON object)");
      }
    } catch (IOException e) {
      throw new MalformedFrameException("frame: not JSON (expected: JSON objects)");
    }
  }

  private boolean next() throws IOException {
    return parser.nextToken() != null;
  }

  private Command message() throws IOException, MalformedFrameException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new MalformedFrameException("message: not an object (expected: a JSON object)");
    }
    var message = new ClientMessage();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      message.notEmpty();
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("id")) {
        message.id(readId(value));
      } else if (!ClientMessage.isCommand(name)) {
        message.unknownField();
        parser.skipChildren();
      } else if (value != JsonToken.VALUE_NULL) {
        message.command(name, readFields(value));
      }
    }
    return message.read();
  }

  private long readId(JsonToken token) throws IOException, MalformedFrameException {
    if (token == JsonToken.VALUE_NULL) {
      return 0;
    }
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
        && parser.getLongValue() >= 0
        && parser.getLongValue() <= ClientMessage.MAX_ID) {
      return parser.getLongValue();
    }
    throw new MalformedFrameException(
        "id: not such a number (expected: 1 to " + ClientMessage.MAX_ID + ")");
  }

  private @Nullable Fields readFields(JsonToken token) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      return JsonFields.read(parser, frame);
    }
    parser.skipChildren();
    return null;
  }
}
