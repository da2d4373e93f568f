package io.tidegate.backplane.hazelcast;

import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;

/**
 * How one of our types goes over the wire: its id, a version, and its fields. Not Hazelcast's
 * {@code IdentifiedDataSerializable}, which would need every field to be mutable.
 */
final class Codec<T> implements StreamSerializer<T> {
  private static final byte VERSION = 1;

  private final int id;
  private final Class<T> type;
  private final Wire.Writer<T> writer;
  private final Wire.Reader<T> reader;

  Codec(int id, Class<T> type, Wire.Writer<T> writer, Wire.Reader<T> reader) {
    this.id = id;
    this.type = type;
    this.writer = writer;
    this.reader = reader;
  }

  SerializerConfig config() {
    return new SerializerConfig().setTypeClass(type).setImplementation(this);
  }

  @Override
  public int getTypeId() {
    return id;
  }

  @Override
  public void write(ObjectDataOutput out, T value) throws IOException {
    out.writeByte(VERSION);
    writer.write(out, value);
  }

  @Override
  public T read(ObjectDataInput in) throws IOException {
    byte version = in.readByte();
    if (version != VERSION) {
      throw new IOException("version of type " + id + ": " + version + " (expected: 1)");
    }
    return reader.read(in);
  }
}
