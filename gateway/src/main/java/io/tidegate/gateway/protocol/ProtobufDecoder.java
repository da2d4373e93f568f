package io.tidegate.gateway.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads one frame of the Protobuf protocol: messages, each behind its length. Nothing is kept of
 * what is skipped, and nothing is made room for that has not come. Stateless.
 */
final class ProtobufDecoder {
  private static final int ID = 1 << 3 | WireFormat.WIRETYPE_VARINT;

  /** Bytes of a length. */
  private static final int LONGEST_LENGTH = 5;

  /** The fields of a command that are commands. */
  private static final Map<Integer, String> COMMANDS =
      Map.ofEntries(
          Map.entry(4, "connect"),
          Map.entry(5, "subscribe"),
          Map.entry(6, "unsubscribe"),
          Map.entry(7, "publish"),
          Map.entry(8, "presence"),
          Map.entry(9, "presence_stats"),
          Map.entry(10, "history"),
          Map.entry(11, "ping"),
          Map.entry(12, "send"),
          Map.entry(13, "rpc"),
          Map.entry(14, "refresh"),
          Map.entry(15, "sub_refresh"));

  private ProtobufDecoder() {}

  static void decode(byte[] frame, int maxMessages, Consumer<Command> commands)
      throws MalformedFrameException {
    CodedInputStream in = CodedInputStream.newInstance(frame);
    try {
      int messages = 0;
      while (!in.isAtEnd()) {
        ClientMessage.requireRoom(++messages, maxMessages);
        commands.accept(message(in));
      }
      if (messages == 0) {
        throw new MalformedFrameException("frame: empty (expected: a message behind its length)");
      }
    } catch (IOException e) {
      throw new MalformedFrameException("frame: not Protobuf (expected: messages)");
    }
  }

  private static Command message(CodedInputStream in) throws IOException, MalformedFrameException {
    int outer = in.pushLimit(length(in));
    var message = new ClientMessage();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      message.notEmpty();
      String command = COMMANDS.get(WireFormat.getTagFieldNumber(tag));
      if (tag == ID) {
        message.id(Integer.toUnsignedLong(in.readUInt32()));
      } else if (command == null || !hasLength(tag)) {
        message.unknownField();
        ProtobufFields.skip(in, tag);
      } else {
        message.command(command, ProtobufFields.read(in, command));
      }
    }
    in.popLimit(outer);
    return message.read();
  }

  private static int length(CodedInputStream in) throws IOException, MalformedFrameException {
    int before = in.getTotalBytesRead();
    int length = in.readRawVarint32();
    if (in.getTotalBytesRead() - before > LONGEST_LENGTH) {
      throw new MalformedFrameException(
          "length: longer (expected: at most " + LONGEST_LENGTH + " bytes)");
    }
    return length;
  }

  private static boolean hasLength(int tag) {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }
}
