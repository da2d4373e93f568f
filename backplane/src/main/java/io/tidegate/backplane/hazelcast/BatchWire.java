package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** How {@link Batch}es are written. The channel is the key that they are sent to. */
final class BatchWire {
  private static final byte PUBLISH = 1;
  private static final byte ASSERT = 2;
  private static final byte ADD = 3;
  private static final byte REMOVE = 4;

  private BatchWire() {}

  static void write(ObjectDataOutput out, Batch batch) throws IOException {
    Wire.writeUuid(out, batch.sender());
    out.writeLong(batch.number());
    out.writeBoolean(batch.repeated());
    Wire.writeAll(out, batch.gone(), Wire::writeUuid);
    Wire.writeAll(out, batch.commands(), BatchWire::writeCommand);
  }

  static Batch read(ObjectDataInput in) throws IOException {
    return new Batch(
        Wire.readUuid(in),
        in.readLong(),
        in.readBoolean(),
        Wire.readList(in, Wire::readUuid),
        Wire.readList(in, BatchWire::readCommand));
  }

  private static void writeCommand(ObjectDataOutput out, Command command) throws IOException {
    if (command instanceof Command.Publish publish) {
      out.writeByte(PUBLISH);
      writeRequest(out, publish.request());
    } else if (command instanceof Command.Assert held) {
      out.writeByte(ASSERT);
      out.writeBoolean(held.interested());
      Wire.writeNullable(out, held.policy(), Wire::writePolicy);
      Wire.writeNullable(out, held.since(), Wire::writePlace);
      Wire.writeNullable(
          out,
          held.entries(),
          (to, entries) ->
              Wire.writeMap(to, entries, ObjectDataOutput::writeString, BatchWire::writeEntry));
    } else if (command instanceof Command.Add add) {
      out.writeByte(ADD);
      Wire.writeInfo(out, add.member());
      out.writeBoolean(add.announced());
    } else if (command instanceof Command.Remove remove) {
      out.writeByte(REMOVE);
      out.writeString(remove.client());
    }
  }

  private static Command readCommand(ObjectDataInput in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case PUBLISH -> new Command.Publish(readRequest(in));
      case ASSERT ->
          new Command.Assert(
              in.readBoolean(),
              Wire.readNullable(in, Wire::readPolicy),
              Wire.readNullable(in, Wire::readPlace),
              Wire.readNullable(in, BatchWire::readEntries));
      case ADD -> new Command.Add(Wire.readInfo(in), in.readBoolean());
      case REMOVE -> new Command.Remove(Wire.readText(in));
      default -> throw new IOException("command: " + kind + " (expected: 1 to 4)");
    };
  }

  private static void writeEntry(ObjectDataOutput out, Command.Entry entry) throws IOException {
    Wire.writeInfo(out, entry.member());
    out.writeBoolean(entry.announced());
  }

  private static Map<String, Command.Entry> readEntries(ObjectDataInput in) throws IOException {
    return Wire.readMap(
        in,
        Wire::readText,
        from -> new Command.Entry(Wire.readInfo(from), from.readBoolean()),
        HashMap::new);
  }

  private static void writeRequest(ObjectDataOutput out, PublishRequest request)
      throws IOException {
    out.writeByteArray(request.data().bytes());
    Wire.writePolicy(out, request.policy());
    Wire.writeNullable(out, request.info(), Wire::writeInfo);
    EventWire.writeTags(out, request.tags());
    out.writeString(request.idempotencyKey());
  }

  private static PublishRequest readRequest(ObjectDataInput in) throws IOException {
    Payload data = Payload.of(Wire.readBytes(in));
    StreamPolicy policy = Wire.readPolicy(in);
    ClientInfo info = Wire.readNullable(in, Wire::readInfo);
    return new PublishRequest("", data, policy, info, EventWire.readTags(in), in.readString());
  }
}
