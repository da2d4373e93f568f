package io.tidegate.gateway.protocol;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.tidegate.backplane.Payload;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes Protobuf messages as bytes. A message is run through it twice: first only measured, then
 * written into an array of just that size, where the lengths of the messages within it are known.
 * What is false, 0 or empty is left out, but for messages.
 */
final class ProtobufWriter {
  /** Writes the fields of a message; is called twice and must write the same each time. */
  interface Content {
    void write(ProtobufWriter fields) throws IOException;
  }

  private @Nullable CodedOutputStream out;
  private int length;

  /** Of the messages, in the order in which they begin. */
  private int[] lengths = new int[8];

  private int begun;

  private ProtobufWriter() {}

  /** The message, behind its length. */
  static byte[] write(Content message) {
    var writer = new ProtobufWriter();
    try {
      writer.message(message);
      byte[] bytes = new byte[writer.length];
      writer.out = CodedOutputStream.newInstance(bytes);
      writer.begun = 0;
      writer.message(message);
      writer.out.checkNoSpaceLeft();
      return bytes;
    } catch (IOException e) {
      throw new IllegalStateException("message: not the same twice", e);
    }
  }

  /** A message, which is there even where it is empty. */
  @CanIgnoreReturnValue
  ProtobufWriter message(int field, Content content) throws IOException {
    if (out == null) {
      length += CodedOutputStream.computeTagSize(field);
    } else {
      out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    }
    message(content);
    return this;
  }

  @CanIgnoreReturnValue
  ProtobufWriter text(int field, String value) throws IOException {
    if (value.isEmpty()) {
      return this;
    }
    if (out == null) {
      length += CodedOutputStream.computeStringSize(field, value);
    } else {
      out.writeString(field, value);
    }
    return this;
  }

  @CanIgnoreReturnValue
  ProtobufWriter data(int field, @Nullable Payload value) throws IOException {
    if (value == null || value.length() == 0) {
      return this;
    }
    if (out == null) {
      length += CodedOutputStream.computeByteArraySize(field, value.bytes());
    } else {
      out.writeByteArray(field, value.bytes());
    }
    return this;
  }

  /**
   * A number that is not negative: all types of the wire that vary in length have the same form.
   */
  @CanIgnoreReturnValue
  ProtobufWriter number(int field, long value) throws IOException {
    if (value == 0) {
      return this;
    }
    if (out == null) {
      length += CodedOutputStream.computeUInt64Size(field, value);
    } else {
      out.writeUInt64(field, value);
    }
    return this;
  }

  @CanIgnoreReturnValue
  ProtobufWriter flag(int field, boolean value) throws IOException {
    return number(field, value ? 1 : 0);
  }

  private void message(Content content) throws IOException {
    int index = begun++;
    if (out == null) {
      if (index == lengths.length) {
        lengths = Arrays.copyOf(lengths, 2 * index);
      }
      int before = length;
      content.write(this);
      lengths[index] = length - before;
      length += CodedOutputStream.computeUInt32SizeNoTag(lengths[index]);
    } else {
      out.writeUInt32NoTag(lengths[index]);
      content.write(this);
    }
  }
}
