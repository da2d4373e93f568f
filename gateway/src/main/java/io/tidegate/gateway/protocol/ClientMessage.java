package io.tidegate.gateway.protocol;

import io.tidegate.gateway.protocol.Fields.FieldException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One message of a client as a decoder finds it piece by piece, and which command it is: the rules
 * that all forms of the protocol share. Confined to the call that decodes the frame.
 */
final class ClientMessage {
  static final long MAX_ID = 0xffff_ffffL;

  /** Messages in one frame, unless told otherwise. */
  static final int MAX_IN_FRAME = 128;

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

  private long id;
  private boolean empty = true;
  private int commands;
  private boolean unknownField;
  private @Nullable String command;
  private @Nullable Fields fields;

  static boolean isCommand(String name) {
    return COMMANDS.contains(name);
  }

  static void requireRoom(int messages, int maxMessages) throws MalformedFrameException {
    if (messages > maxMessages) {
      throw new MalformedFrameException(
          "frame: more messages (expected: at most " + maxMessages + ")");
    }
  }

  /** A field has come, of whatever kind. */
  void notEmpty() {
    empty = false;
  }

  void id(long given) {
    id = given;
  }

  void unknownField() {
    unknownField = true;
  }

  /** A command has come, with its fields; without them where it is of another type. */
  void command(String name, @Nullable Fields of) {
    commands++;
    command = name;
    fields = of;
  }

  /** What the message asks for, once all of it has come. */
  Command read() throws MalformedFrameException {
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
      return parsed(command, fields);
    } catch (FieldException e) {
      return invalid(command + "." + e.getMessage());
    }
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

  private Command publish(Fields fields) throws FieldException {
    return ofAnotherType(fields)
        ? notAvailable("publish.type: other than 0")
        : new Command.Publish(id, fields.name("channel"), fields.requiredData());
  }

  /** Whether it is about a map of keys or a poll, rather than about a stream. */
  private static boolean ofAnotherType(Fields fields) throws FieldException {
    return fields.number("type", 0, Integer.MAX_VALUE) != 0;
  }

  private Command subscribe(Fields fields) throws FieldException {
    if (fields.has("tf")) {
      return notAvailable("subscribe.tf: filters by tags");
    } else if (ofAnotherType(fields)) {
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

  private Command parsed(String command, Fields fields) throws FieldException {
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
      case "publish" -> publish(fields);
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
