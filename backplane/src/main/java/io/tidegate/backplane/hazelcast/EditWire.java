package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;

/** How {@link Change}s and their {@link Edit}s are written. */
final class EditWire {
  private static final byte FORKED = 1;
  private static final byte KEEPS = 2;
  private static final byte APPENDED = 3;
  private static final byte ENTERED = 4;
  private static final byte LEFT = 5;
  private static final byte INTEREST = 6;
  private static final byte ANSWERED = 7;
  private static final byte FORGOTTEN = 8;
  private static final byte CLEARED = 9;

  private EditWire() {}

  static void writeChange(ObjectDataOutput out, Change change) throws IOException {
    out.writeLong(change.before());
    Wire.writeLineage(out, change.lineage());
    out.writeLong(change.offset());
    out.writeLong(change.moves());
    out.writeLong(change.term());
    out.writeLong(change.atMillis());
    Wire.writeAll(out, change.edits(), EditWire::write);
  }

  static Change readChange(ObjectDataInput in) throws IOException {
    return new Change(
        in.readLong(),
        Wire.readLineage(in),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        Wire.readList(in, EditWire::read));
  }

  private static void write(ObjectDataOutput out, Edit edit) throws IOException {
    if (edit instanceof Edit.Appended appended) {
      out.writeByte(APPENDED);
      EventWire.writePublication(out, appended.publication());
      out.writeString(appended.idempotencyKey());
    } else if (edit instanceof Edit.Answered answered) {
      out.writeByte(ANSWERED);
      Wire.writeUuid(out, answered.node());
      out.writeLong(answered.number());
      Wire.writeAll(out, answered.outcomes(), OutcomeWire::write);
    } else if (edit instanceof Edit.Entered entered) {
      out.writeByte(ENTERED);
      Wire.writeInfo(out, entered.member());
      Wire.writeUuid(out, entered.node());
      out.writeBoolean(entered.announced());
      Wire.writeNullable(out, entered.told(), EventWire::writeMoved);
    } else if (edit instanceof Edit.Left left) {
      out.writeByte(LEFT);
      out.writeString(left.client());
      Wire.writeNullable(out, left.told(), EventWire::writeMoved);
    } else if (edit instanceof Edit.Interest interest) {
      out.writeByte(INTEREST);
      Wire.writeUuid(out, interest.node());
      out.writeBoolean(interest.interested());
    } else if (edit instanceof Edit.Keeps keeps) {
      out.writeByte(KEEPS);
      Wire.writePolicy(out, keeps.policy());
    } else if (edit instanceof Edit.Forked forked) {
      out.writeByte(FORKED);
      out.writeString(forked.epoch());
    } else if (edit instanceof Edit.Forgotten forgotten) {
      out.writeByte(FORGOTTEN);
      Wire.writeAll(out, forgotten.nodes(), Wire::writeUuid);
    } else if (edit instanceof Edit.Cleared) {
      out.writeByte(CLEARED);
    }
  }

  private static Edit read(ObjectDataInput in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case APPENDED -> new Edit.Appended(EventWire.readPublication(in), in.readString());
      case ANSWERED ->
          new Edit.Answered(Wire.readUuid(in), in.readLong(), Wire.readList(in, OutcomeWire::read));
      case ENTERED ->
          new Edit.Entered(
              Wire.readInfo(in),
              Wire.readUuid(in),
              in.readBoolean(),
              Wire.readNullable(in, EventWire::readMoved));
      case LEFT -> new Edit.Left(Wire.readText(in), Wire.readNullable(in, EventWire::readMoved));
      case INTEREST -> new Edit.Interest(Wire.readUuid(in), in.readBoolean());
      case KEEPS -> new Edit.Keeps(Wire.readPolicy(in));
      case FORKED -> new Edit.Forked(Wire.readText(in));
      case FORGOTTEN -> new Edit.Forgotten(Wire.readList(in, Wire::readUuid));
      case CLEARED -> new Edit.Cleared();
      default -> throw new IOException("edit: " + kind + " (expected: 1 to 9)");
    };
  }
}
