package io.tidegate.gateway.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.gateway.protocol.JsonFields.FieldException;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one frame of the JSON protocol: objects behind each other, in practice one per line.
 * Confined to the call that decodes the frame.
 */
final class JsonDecoder {
  static final long MAX_ID = 0xffff_ffffL;

  private static final Set<String> COMMANDS =
      Set.of(
          "connect",
          "subscribe",
          "unsubscribe",
          "publish",
          "presence",
          "presence_stats",
          "history",
          "rpc",
          "send",
          "refresh",
          "sub_refresh",
          "ping");

  private final byte[] frame;
  private final JsonParser parser;

  // What is known of the message that is being read.
  private long id;
  private boolean empty;
  private int commands;
  private boolean unknownField;
  private @Nullable String command;
  private @Nullable JsonFields fields;

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
        if (++messages > maxMessages) {
          throw new MalformedFrameException(
              "frame: more messages (expected: at most " + maxMessages + ")");
        }
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
    readMessage();
    if (empty) {
      return new Command.Pong();
    }
    if (id == 0 && commands == 1 && "send".equals(command) && fields != null) {
      return new Command.Send(fields.dataOrNull());
    }
    if (id == 0) {
      throw new MalformedFrameException("id: missing (expected: 1 to " + MAX_ID + ")");
    }
    if (commands != 1 || command == null) {
      return notOneCommand();
    }
    if (fields == null) {
      return invalid(command + ": of another type (expected: an object)");
    }
    try {
      return command(command, fields);
    } catch (FieldException e) {
      return invalid(command + "." + e.getMessage());
    }
  }

  private void readMessage() throws IOException, MalformedFrameException {
    id = 0;
    empty = true;
    commands = 0;
    unknownField = false;
    command = null;
    fields = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      empty = false;
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("id")) {
        id = readId(value);
      } else if (!COMMANDS.contains(name)) {
        unknownField = true;
        parser.skipChildren();
      } else if (value != JsonToken.VALUE_NULL) {
        commands++;
        command = name;
        fields = readFields(value);
      }
    }
  }

  private long readId(JsonToken token) throws IOException, MalformedFrameException {
    if (token == JsonToken.VALUE_NULL) {
      return 0;
    }
    if (token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
        && parser.getLongValue() >= 0
        && parser.getLongValue() <= MAX_ID) {
      return parser.getLongValue();
    }
    throw new MalformedFrameException("id: not such a number (expected: 1 to " + MAX_ID + ")");
  }

  private @Nullable JsonFields readFields(JsonToken token) throws IOException {
    if (token == JsonToken.START_OBJECT) {
      return JsonFields.read(parser, frame);
    }
    parser.skipChildren();
    return null;
  }

  private Command notOneCommand() {
    if (commands > 1) {
      return invalid("command: " + commands + " of them (expected: exactly one)");
    }
    if (unknownField) {
      return new Command.Invalid(id, ErrorCode.METHOD_NOT_FOUND, "");
    }
    return invalid("command: missing (expected: exactly one)");
  }

  private Command subscribe(JsonFields fields) throws FieldException {
    if (fields.has("tf")) {
      return notAvailable("subscribe.tf: filters by tags");
    } else if (fields.number("type", 0, Integer.MAX_VALUE) != 0) {
      return notAvailable("subscribe.type: other than 0");
    }
    return new Command.Subscribe(
        id,
        fields.name("channel"),
        fields.text("token"),
        fields.data(),
        fields.flag("positioned"),
        fields.flag("recoverable"),
        fields.flag("join_leave"),
        fields.flag("recover") ? fields.position() : null,
        (fields.number("flag", 0, Long.MAX_VALUE) & Command.Subscribe.RECOVER_OR_FAIL) != 0);
  }

  private Command notAvailable(String detail) {
    return new Command.Invalid(id, ErrorCode.NOT_AVAILABLE, detail);
  }

  private Command invalid(String detail) {
    return new Command.Invalid(id, ErrorCode.BAD_REQUEST, detail);
  }

  private Command command(String command, JsonFields fields) throws FieldException {
    return switch (command) {
      case "connect" ->
          new Command.Connect(
              id,
              fields.text("token"),
              fields.data(),
              fields.textOrEmpty("name"),
              fields.textOrEmpty("version"),
              fields.positions("subs"));
      case "subscribe" -> subscribe(fields);
      case "unsubscribe" -> new Command.Unsubscribe(id, fields.name("channel"));
      case "publish" -> new Command.Publish(id, fields.name("channel"), fields.requiredData());
      case "presence" -> new Command.Presence(id, fields.name("channel"));
      case "presence_stats" -> new Command.PresenceStats(id, fields.name("channel"));
      case "history" ->
          new Command.History(
              id,
              fields.name("channel"),
              (int) fields.number("limit", -1, Integer.MAX_VALUE),
              fields.since(),
              fields.flag("reverse"));
      case "rpc" -> new Command.Rpc(id, fields.textOrEmpty("method"), fields.dataOrNull());
      case "send" -> new Command.Send(fields.dataOrNull());
      case "refresh" -> new Command.Refresh(id, fields.name("token"));
      case "sub_refresh" ->
          new Command.SubRefresh(id, fields.name("channel"), fields.name("token"));
      case "ping" -> new Command.Ping(id);
      default -> throw new IllegalStateException(command);
    };
  }
}
