package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the small things are written on the wire. */
final class Wire {
  interface Writer<T> {
    void write(ObjectDataOutput out, T value) throws IOException;
  }

  interface Reader<T> {
    T read(ObjectDataInput in) throws IOException;
  }

  private Wire() {}

  static String readText(ObjectDataInput in) throws IOException {
    String text = in.readString();
    if (text == null) {
      throw new IOException("text: null (expected: a string)");
    }
    return text;
  }

  static byte[] readBytes(ObjectDataInput in) throws IOException {
    byte[] bytes = in.readByteArray();
    if (bytes == null) {
      throw new IOException("bytes: null (expected: an array)");
    }
    return bytes;
  }

  static void writeUuid(ObjectDataOutput out, UUID uuid) throws IOException {
    out.writeLong(uuid.getMostSignificantBits());
    out.writeLong(uuid.getLeastSignificantBits());
  }

  static UUID readUuid(ObjectDataInput in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }

  static void writePayload(ObjectDataOutput out, @Nullable Payload payload) throws IOException {
    out.writeByteArray(payload == null ? null : payload.bytes());
  }

  static @Nullable Payload readPayload(ObjectDataInput in) throws IOException {
    byte[] bytes = in.readByteArray();
    return bytes == null ? null : Payload.of(bytes);
  }

  static void writeInfo(ObjectDataOutput out, ClientInfo info) throws IOException {
    out.writeString(info.client());
    out.writeString(info.user());
    writePayload(out, info.connInfo());
    writePayload(out, info.chanInfo());
  }

  static ClientInfo readInfo(ObjectDataInput in) throws IOException {
    return new ClientInfo(readText(in), readText(in), readPayload(in), readPayload(in));
  }

  static void writePolicy(ObjectDataOutput out, StreamPolicy policy) throws IOException {
    out.writeInt(policy.historySize());
    out.writeLong(policy.historyTtl().toMillis());
  }

  static StreamPolicy readPolicy(ObjectDataInput in) throws IOException {
    return new StreamPolicy(in.readInt(), Duration.ofMillis(in.readLong()));
  }

  static void writePlace(ObjectDataOutput out, Place place) throws IOException {
    out.writeString(place.epoch());
    out.writeLong(place.offset());
    out.writeLong(place.moves());
  }

  static Place readPlace(ObjectDataInput in) throws IOException {
    return new Place(readText(in), in.readLong(), in.readLong());
  }

  static void writeLineage(ObjectDataOutput out, Lineage lineage) throws IOException {
    out.writeString(lineage.epoch());
    writeAll(out, lineage.parents(), Wire::writePlace);
  }

  static Lineage readLineage(ObjectDataInput in) throws IOException {
    return new Lineage(readText(in), readList(in, Wire::readPlace));
  }

  static <T> void writeNullable(ObjectDataOutput out, @Nullable T value, Writer<T> writer)
      throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      writer.write(out, value);
    }
  }

  static <T> @Nullable T readNullable(ObjectDataInput in, Reader<T> reader) throws IOException {
    return in.readBoolean() ? reader.read(in) : null;
  }

  static <T> void writeAll(
      ObjectDataOutput out, Collection<? extends T> values, Writer<? super T> writer)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  static <T> List<T> readList(ObjectDataInput in, Reader<? extends T> reader) throws IOException {
    int size = in.readInt();
    List<T> values = new ArrayList<>(Math.min(size, 1024));
    for (int i = 0; i < size; i++) {
      values.add(reader.read(in));
    }
    return values;
  }

  static <K, V> void writeMap(
      ObjectDataOutput out, Map<K, V> map, Writer<? super K> keys, Writer<? super V> values)
      throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<K, V> entry : map.entrySet()) {
      keys.write(out, entry.getKey());
      values.write(out, entry.getValue());
    }
  }

  /** An empty map is the shared one. */
  static <K, V> Map<K, V> readMap(
      ObjectDataInput in,
      Reader<? extends K> keys,
      Reader<? extends V> values,
      Supplier<Map<K, V>> empty)
      throws IOException {
    int size = in.readInt();
    if (size == 0) {
      return Map.of();
    }
    Map<K, V> map = empty.get();
    for (int i = 0; i < size; i++) {
      map.put(keys.read(in), values.read(in));
    }
    return map;
  }
}
