package io.tidegate.gateway.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.tidegate.backplane.Payload;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which fields the messages of {@code client.proto} have that clients send, and how they are read.
 * What a message does not have, or has as another type of the wire, is skipped and not kept.
 */
final class ProtobufFields {
  private enum Type {
    TEXT(WireFormat.WIRETYPE_LENGTH_DELIMITED),
    DATA(WireFormat.WIRETYPE_LENGTH_DELIMITED),
    FLAG(WireFormat.WIRETYPE_VARINT),
    INT32(WireFormat.WIRETYPE_VARINT),
    INT64(WireFormat.WIRETYPE_VARINT),
    UINT64(WireFormat.WIRETYPE_VARINT),
    /** The fields within it. */
    SINCE(WireFormat.WIRETYPE_LENGTH_DELIMITED),
    /** One of the fields by channel. */
    SUBS(WireFormat.WIRETYPE_LENGTH_DELIMITED),
    /** No more than that it is there. */
    THERE(WireFormat.WIRETYPE_LENGTH_DELIMITED);

    final int wire;

    Type(int wire) {
      this.wire = wire;
    }
  }

  private record Field(String name, Type type) {}

  private static final Map<Integer, Field> CHANNEL = Map.of(1, new Field("channel", Type.TEXT));

  private static final Map<Integer, Field> SINCE =
      Map.of(1, new Field("offset", Type.UINT64), 2, new Field("epoch", Type.TEXT));

  /** Of a subscribe request within connect. */
  private static final Map<Integer, Field> SUB =
      Map.of(
          3, new Field("recover", Type.FLAG),
          6, new Field("epoch", Type.TEXT),
          7, new Field("offset", Type.UINT64));

  private static final Map<String, Map<Integer, Field>> REQUESTS =
      Map.ofEntries(
          Map.entry(
              "connect",
              Map.of(
                  1, new Field("token", Type.TEXT),
                  2, new Field("data", Type.DATA),
                  3, new Field("subs", Type.SUBS),
                  4, new Field("name", Type.TEXT),
                  5, new Field("version", Type.TEXT))),
          Map.entry("subscribe", subscribe()),
          Map.entry("unsubscribe", CHANNEL),
          Map.entry(
              "publish",
              Map.of(
                  1, new Field("channel", Type.TEXT),
                  2, new Field("data", Type.DATA),
                  3, new Field("type", Type.INT32))),
          Map.entry("presence", CHANNEL),
          Map.entry("presence_stats", CHANNEL),
          Map.entry(
              "history",
              Map.of(
                  1, new Field("channel", Type.TEXT),
                  7, new Field("limit", Type.INT32),
                  8, new Field("since", Type.SINCE),
                  9, new Field("reverse", Type.FLAG))),
          Map.entry("ping", Map.of()),
          Map.entry("send", Map.of(1, new Field("data", Type.DATA))),
          Map.entry(
              "rpc", Map.of(1, new Field("data", Type.DATA), 2, new Field("method", Type.TEXT))),
          Map.entry("refresh", Map.of(1, new Field("token", Type.TEXT))),
          Map.entry("sub_refresh", with(CHANNEL, 2, new Field("token", Type.TEXT))));

  /** Of an entry of a map. */
  private static final int KEY = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private static final int VALUE = 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private final Map<Integer, Field> known;
  private final Fields fields = new Fields();
  private @Nullable Map<String, Fields> subs;

  private ProtobufFields(Map<Integer, Field> known) {
    this.known = known;
  }

  private static Map<Integer, Field> subscribe() {
    Map<Integer, Field> fields = new HashMap<>(SUB);
    fields.putAll(CHANNEL);
    fields.put(2, new Field("token", Type.TEXT));
    fields.put(8, new Field("data", Type.DATA));
    fields.put(9, new Field("positioned", Type.FLAG));
    fields.put(10, new Field("recoverable", Type.FLAG));
    fields.put(11, new Field("join_leave", Type.FLAG));
    fields.put(13, new Field("tf", Type.THERE));
    fields.put(14, new Field("flag", Type.INT64));
    fields.put(15, new Field("type", Type.INT32));
    return Map.copyOf(fields);
  }

  private static Map<Integer, Field> with(Map<Integer, Field> some, int number, Field field) {
    Map<Integer, Field> fields = new HashMap<>(some);
    fields.put(number, field);
    return Map.copyOf(fields);
  }

  /** Reads the request of {@code command}, whose length comes first. */
  static Fields read(CodedInputStream in, String command) throws IOException {
    return new ProtobufFields(REQUESTS.getOrDefault(command, Map.of())).read(in);
  }

  /** Skips the field of {@code tag}; a group ends nowhere but within the one that it began. */
  static void skip(CodedInputStream in, int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("group: end (expected: behind its start)");
    }
  }

  private Fields read(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      Field field = known.get(WireFormat.getTagFieldNumber(tag));
      if (field != null && field.type().wire == WireFormat.getTagWireType(tag)) {
        fields.put(field.name(), value(in, tag, field.type()));
      } else {
        skip(in, tag);
      }
    }
    in.popLimit(outer);
    return fields;
  }

  private @Nullable Object value(CodedInputStream in, int tag, Type type) throws IOException {
    return switch (type) {
      case TEXT -> in.readStringRequireUtf8();
      case DATA -> data(in.readByteArray());
      case FLAG -> in.readBool();
      case INT32 -> (long) in.readInt32();
      case INT64 -> in.readInt64();
      case UINT64 -> unsigned(in.readUInt64());
      case SINCE -> new ProtobufFields(SINCE).read(in);
      case SUBS -> sub(in);
      case THERE -> {
        skip(in, tag);
        yield Fields.OTHER;
      }
    };
  }

  /** Data of no bytes are those that are not there: the field's default. */
  private static @Nullable Payload data(byte[] bytes) {
    return bytes.length == 0 ? null : Payload.of(bytes);
  }

  private static Object unsigned(long number) {
    return number < 0 ? Fields.OTHER : (Object) number;
  }

  /** Reads an entry of a map, of which key and value may be missing. */
  private Object sub(CodedInputStream in) throws IOException {
    if (subs == null) {
      subs = new HashMap<>();
    } else if (subs.size() == Fields.MOST_POSITIONS) {
      in.skipRawBytes(in.readRawVarint32());
      return Fields.TOO_MANY;
    }
    String channel = "";
    var sub = new Fields();
    int outer = in.pushLimit(in.readRawVarint32());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == KEY) {
        channel = in.readStringRequireUtf8();
      } else if (tag == VALUE) {
        sub = new ProtobufFields(SUB).read(in);
      } else {
        skip(in, tag);
      }
    }
    in.popLimit(outer);
    subs.put(channel, sub);
    return subs;
  }
}
