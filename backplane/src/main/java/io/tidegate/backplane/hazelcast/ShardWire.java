package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.inbox.Letter;
import io.tidegate.backplane.inbox.Mark;
import io.tidegate.backplane.inbox.ShardAnswer;
import io.tidegate.backplane.inbox.ShardOp;
import io.tidegate.backplane.inbox.ShardState;
import io.tidegate.backplane.inbox.Standing;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How services' shards, the steps on them and their answers are written. */
final class ShardWire {
  private static final byte APPEND = 1;
  private static final byte TAKE = 2;
  private static final byte FORGET = 3;
  private static final byte TOO_MANY_GROUPS = 4;
  private static final byte ABSORB = 5;

  private ShardWire() {}

  static void writeOp(ObjectDataOutput out, ShardOp op) throws IOException {
    if (op instanceof ShardOp.Append append) {
      out.writeByte(APPEND);
      out.writeString(append.sender());
      out.writeLong(append.number());
      out.writeInt(append.capacity());
      Wire.writeAll(out, append.letters(), ShardWire::writeLetter);
    } else if (op instanceof ShardOp.Absorb absorb) {
      out.writeByte(ABSORB);
      out.writeString(absorb.sender());
      out.writeLong(absorb.number());
      writeState(out, absorb.branch());
    } else if (op instanceof ShardOp.Take take) {
      out.writeByte(TAKE);
      out.writeString(take.group());
      out.writeString(take.node());
      out.writeString(take.consumer());
      out.writeLong(take.number());
      Wire.writeAll(out, take.settled(), ShardWire::writeSettlement);
      out.writeInt(take.want());
      out.writeLong(take.leaseMillis());
      out.writeBoolean(take.repeated());
    } else if (op instanceof ShardOp.Forget forget) {
      out.writeByte(FORGET);
      out.writeString(forget.group());
    }
  }

  static ShardOp readOp(ObjectDataInput in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case APPEND ->
          new ShardOp.Append(
              Wire.readText(in),
              in.readLong(),
              in.readInt(),
              Wire.readList(in, ShardWire::readLetter));
      case TAKE ->
          new ShardOp.Take(
              Wire.readText(in),
              Wire.readText(in),
              Wire.readText(in),
              in.readLong(),
              Wire.readList(in, ShardWire::readSettlement),
              in.readInt(),
              in.readLong(),
              in.readBoolean());
      case FORGET -> new ShardOp.Forget(Wire.readText(in));
      case ABSORB -> new ShardOp.Absorb(Wire.readText(in), in.readLong(), readState(in));
      default -> throw new IOException("step on a shard: " + kind + " (expected: 1 to 3, 5)");
    };
  }

  static void writeReply(ObjectDataOutput out, ShardReply reply) throws IOException {
    ShardAnswer answer = reply.answer();
    if (answer instanceof ShardAnswer.Appended appended) {
      out.writeByte(APPEND);
      Wire.writeAll(out, appended.accepted(), ObjectDataOutput::writeBoolean);
      Wire.writeAll(out, appended.consumers(), ObjectDataOutput::writeString);
    } else if (answer instanceof ShardAnswer.Taken taken) {
      out.writeByte(TAKE);
      Wire.writeAll(out, taken.letters(), ShardWire::writeHanded);
      out.writeBoolean(taken.more());
      out.writeLong(taken.dueInMillis());
    } else if (answer instanceof ShardAnswer.Forgotten) {
      out.writeByte(FORGET);
    } else if (answer instanceof ShardAnswer.TooManyGroups) {
      out.writeByte(TOO_MANY_GROUPS);
    }
  }

  static ShardReply readReply(ObjectDataInput in) throws IOException {
    byte kind = in.readByte();
    return new ShardReply(
        switch (kind) {
          case APPEND ->
              new ShardAnswer.Appended(
                  Wire.readList(in, ObjectDataInput::readBoolean),
                  Wire.readList(in, Wire::readText));
          case TAKE ->
              new ShardAnswer.Taken(
                  Wire.readList(in, ShardWire::readHanded), in.readBoolean(), in.readLong());
          case FORGET -> new ShardAnswer.Forgotten();
          case TOO_MANY_GROUPS -> new ShardAnswer.TooManyGroups();
          default -> throw new IOException("answer of a shard: " + kind + " (expected: 1 to 4)");
        });
  }

  static void writeState(ObjectDataOutput out, ShardState state) throws IOException {
    ShardState.Content content = state.content();
    out.writeLong(content.nextSequence());
    Wire.writeMap(out, content.items(), ObjectDataOutput::writeLong, ShardWire::writeItem);
    Wire.writeMap(out, content.groups(), ObjectDataOutput::writeString, ShardWire::writeGroup);
    Wire.writeMap(out, content.senders(), ObjectDataOutput::writeString, ShardWire::writeSent);
  }

  static ShardState readState(ObjectDataInput in) throws IOException {
    return ShardState.of(
        new ShardState.Content(
            in.readLong(),
            Wire.readMap(in, ObjectDataInput::readLong, ShardWire::readItem, TreeMap::new),
            Wire.readMap(in, Wire::readText, ShardWire::readGroup, LinkedHashMap::new),
            Wire.readMap(in, Wire::readText, ShardWire::readSent, LinkedHashMap::new)));
  }

  private static void writeLetter(ObjectDataOutput out, Letter letter) throws IOException {
    ServiceMessage message = letter.message();
    out.writeString(letter.replyTo());
    out.writeString(message.id());
    out.writeString(message.kind().name());
    out.writeString(message.method());
    out.writeByteArray(message.data().bytes());
    Wire.writeInfo(out, message.client());
    out.writeLong(message.timeMillis());
    out.writeLong(message.expiresMillis());
  }

  private static Letter readLetter(ObjectDataInput in) throws IOException {
    String replyTo = Wire.readText(in);
    return new Letter(
        new ServiceMessage(
            Wire.readText(in),
            ServiceMessage.Kind.valueOf(Wire.readText(in)),
            Wire.readText(in),
            Payload.of(Wire.readBytes(in)),
            Wire.readInfo(in),
            in.readLong(),
            in.readLong()),
        replyTo);
  }

  private static void writeSettlement(ObjectDataOutput out, ShardOp.Settlement settlement)
      throws IOException {
    out.writeLong(settlement.sequence());
    out.writeLong(settlement.taken());
    out.writeBoolean(settlement.done());
  }

  private static ShardOp.Settlement readSettlement(ObjectDataInput in) throws IOException {
    return new ShardOp.Settlement(in.readLong(), in.readLong(), in.readBoolean());
  }

  private static void writeHanded(ObjectDataOutput out, ShardAnswer.Handed handed)
      throws IOException {
    out.writeLong(handed.sequence());
    out.writeInt(handed.attempt());
    writeLetter(out, handed.letter());
  }

  private static ShardAnswer.Handed readHanded(ObjectDataInput in) throws IOException {
    return new ShardAnswer.Handed(in.readLong(), in.readInt(), readLetter(in));
  }

  private static void writeItem(ObjectDataOutput out, ShardState.Item item) throws IOException {
    writeLetter(out, item.letter());
    out.writeInt(item.attemptsBefore());
  }

  private static ShardState.Item readItem(ObjectDataInput in) throws IOException {
    return new ShardState.Item(readLetter(in), in.readInt());
  }

  private static void writeGroup(ObjectDataOutput out, ShardState.Group group) throws IOException {
    Wire.writeAll(out, group.nodes(), ObjectDataOutput::writeString);
    Wire.writeMap(out, group.marks(), ObjectDataOutput::writeLong, ShardWire::writeMark);
  }

  /** A live state changes these, so none is the shared empty one. */
  private static ShardState.Group readGroup(ObjectDataInput in) throws IOException {
    Set<String> nodes = new HashSet<>(Wire.readList(in, Wire::readText));
    Map<Long, Mark> marks =
        new LinkedHashMap<>(
            Wire.readMap(in, ObjectDataInput::readLong, ShardWire::readMark, LinkedHashMap::new));
    return new ShardState.Group(nodes, marks);
  }

  private static void writeMark(ObjectDataOutput out, Mark mark) throws IOException {
    out.writeString(mark.standing().name());
    out.writeInt(mark.attempt());
    out.writeString(mark.node());
    out.writeString(mark.consumer());
    out.writeLong(mark.number());
    out.writeLong(mark.untilMillis());
  }

  private static Mark readMark(ObjectDataInput in) throws IOException {
    return new Mark(
        Standing.valueOf(Wire.readText(in)),
        in.readInt(),
        Wire.readText(in),
        Wire.readText(in),
        in.readLong(),
        in.readLong());
  }

  private static void writeSent(ObjectDataOutput out, ShardState.Sent sent) throws IOException {
    out.writeLong(sent.number());
    Wire.writeAll(out, sent.accepted(), ObjectDataOutput::writeBoolean);
  }

  private static ShardState.Sent readSent(ObjectDataInput in) throws IOException {
    return new ShardState.Sent(in.readLong(), Wire.readList(in, ObjectDataInput::readBoolean));
  }
}
