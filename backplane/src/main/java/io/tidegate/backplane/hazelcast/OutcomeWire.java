package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;

/** How {@link Outcome}s are written. */
final class OutcomeWire {
  private static final byte APPENDED = 1;
  private static final byte DUPLICATE = 2;
  private static final byte MOVES = 3;
  private static final byte STANDING = 4;
  private static final byte FULL = 5;

  private OutcomeWire() {}

  static void write(ObjectDataOutput out, Outcome outcome) throws IOException {
    if (outcome instanceof Outcome.Appended appended) {
      out.writeByte(APPENDED);
      out.writeLong(appended.offset());
      out.writeLong(appended.moves());
      out.writeLong(appended.timeMillis());
    } else if (outcome instanceof Outcome.Duplicate duplicate) {
      out.writeByte(DUPLICATE);
      out.writeLong(duplicate.offset());
    } else if (outcome instanceof Outcome.Moves moves) {
      out.writeByte(MOVES);
      Wire.writeAll(out, moves.events(), EventWire::writeMoved);
    } else if (outcome instanceof Outcome.Standing standing) {
      out.writeByte(STANDING);
      writeStanding(out, standing);
    } else if (outcome instanceof Outcome.Full) {
      out.writeByte(FULL);
    }
  }

  static Outcome read(ObjectDataInput in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case APPENDED -> new Outcome.Appended(in.readLong(), in.readLong(), in.readLong());
      case DUPLICATE -> new Outcome.Duplicate(in.readLong());
      case MOVES -> new Outcome.Moves(Wire.readList(in, EventWire::readMoved));
      case STANDING -> readStanding(in);
      case FULL -> new Outcome.Full();
      default -> throw new IOException("outcome: " + kind + " (expected: 1 to 5)");
    };
  }

  private static void writeStanding(ObjectDataOutput out, Outcome.Standing standing)
      throws IOException {
    Wire.writeAll(out, standing.moves(), EventWire::writeMoved);
    Wire.writeLineage(out, standing.lineage());
    out.writeLong(standing.offset());
    out.writeLong(standing.heldMoves());
    out.writeInt(standing.mine());
    Wire.writeAll(out, standing.events(), EventWire::write);
    out.writeBoolean(standing.complete());
  }

  private static Outcome.Standing readStanding(ObjectDataInput in) throws IOException {
    return new Outcome.Standing(
        Wire.readList(in, EventWire::readMoved),
        Wire.readLineage(in),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        Wire.readList(in, EventWire::read),
        in.readBoolean());
  }
}
