package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** How {@link Event}s are written. */
final class EventWire {
  private static final byte PUBLISHED = 1;
  private static final byte MOVED = 2;

  private EventWire() {}

  static void write(ObjectDataOutput out, Event event) throws IOException {
    if (event instanceof Event.Published published) {
      out.writeByte(PUBLISHED);
      writePublication(out, published.publication());
      out.writeLong(published.moves());
    } else if (event instanceof Event.Moved moved) {
      out.writeByte(MOVED);
      writeMoved(out, moved);
    }
  }

  static Event read(ObjectDataInput in) throws IOException {
    byte kind = in.readByte();
    return switch (kind) {
      case PUBLISHED -> new Event.Published(readPublication(in), in.readLong());
      case MOVED -> readMoved(in);
      default -> throw new IOException("event: " + kind + " (expected: 1 or 2)");
    };
  }

  static void writeMoved(ObjectDataOutput out, Event.Moved moved) throws IOException {
    out.writeBoolean(moved.in());
    Wire.writeInfo(out, moved.member());
    out.writeLong(moved.offset());
    out.writeLong(moved.moves());
  }

  static Event.Moved readMoved(ObjectDataInput in) throws IOException {
    return new Event.Moved(in.readBoolean(), Wire.readInfo(in), in.readLong(), in.readLong());
  }

  static void writePublication(ObjectDataOutput out, Publication publication) throws IOException {
    out.writeLong(publication.offset());
    out.writeByteArray(publication.data().bytes());
    Wire.writeNullable(out, publication.info(), Wire::writeInfo);
    writeTags(out, publication.tags());
    out.writeLong(publication.timeMillis());
  }

  static Publication readPublication(ObjectDataInput in) throws IOException {
    long offset = in.readLong();
    Payload data = Payload.of(Wire.readBytes(in));
    ClientInfo info = Wire.readNullable(in, Wire::readInfo);
    return new Publication(offset, data, info, readTags(in), in.readLong());
  }

  static void writeTags(ObjectDataOutput out, Map<String, String> tags) throws IOException {
    Wire.writeMap(out, tags, ObjectDataOutput::writeString, ObjectDataOutput::writeString);
  }

  static Map<String, String> readTags(ObjectDataInput in) throws IOException {
    return Wire.readMap(in, Wire::readText, Wire::readText, HashMap::new);
  }
}
