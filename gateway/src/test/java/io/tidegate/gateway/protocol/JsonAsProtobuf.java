package io.tidegate.gateway.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.math.BigInteger;
import java.util.Map;

/**
 * A message of the JSON protocol as one of {@code client.proto}, by nothing but the schema: names
 * are the same, and bytes are what stands there as JSON. So it knows of neither codec.
 */
final class JsonAsProtobuf {
  /** JSON that has a value for which the schema has no room. */
  static final class NoPlaceException extends Exception {
    private static final long serialVersionUID = 1L;

    NoPlaceException(String name) {
      super(name);
    }
  }

  /** A number that no field has. */
  private static final int UNKNOWN = 1_000;

  private JsonAsProtobuf() {}

  static Message message(JsonNode json, Message.Builder into) throws NoPlaceException {
    fill(json, into);
    if (into.getDescriptorForType().getName().equals("Command") && hasUnknown(json, into)) {
      var field = UnknownFieldSet.Field.newBuilder().addVarint(1).build();
      into.setUnknownFields(UnknownFieldSet.newBuilder().addField(UNKNOWN, field).build());
    }
    Message message = into.build();
    if (message.getSerializedSize() == 0 && !json.isEmpty()) {
      // Of the default values Protobuf keeps nothing.
      throw new NoPlaceException("empty");
    }
    return message;
  }

  private static boolean hasUnknown(JsonNode json, Message.Builder into) {
    return json.properties().stream()
        .anyMatch(field -> into.getDescriptorForType().findFieldByName(field.getKey()) == null);
  }

  private static void fill(JsonNode json, Message.Builder into) throws NoPlaceException {
    if (!json.isObject()) {
      throw new NoPlaceException(into.getDescriptorForType().getName());
    }
    for (Map.Entry<String, JsonNode> given : json.properties()) {
      FieldDescriptor field = into.getDescriptorForType().findFieldByName(given.getKey());
      JsonNode value = given.getValue();
      if (field == null || (value.isNull() && !field.getName().equals("data"))) {
        continue;
      }
      if (field.isMapField()) {
        entries(value, field, into);
      } else if (field.isRepeated()) {
        for (JsonNode element : value) {
          into.addRepeatedField(field, value(element, field, into));
        }
      } else {
        into.setField(field, value(value, field, into));
      }
    }
  }

  private static void entries(JsonNode json, FieldDescriptor field, Message.Builder into)
      throws NoPlaceException {
    if (!json.isObject()) {
      throw new NoPlaceException(field.getName());
    }
    for (Map.Entry<String, JsonNode> given : json.properties()) {
      Message.Builder entry = into.newBuilderForField(field);
      FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
      entry.setField(entry.getDescriptorForType().findFieldByNumber(1), text(given.getKey()));
      entry.setField(value, value(given.getValue(), value, entry));
      into.addRepeatedField(field, entry.build());
    }
  }

  private static Object value(JsonNode json, FieldDescriptor field, Message.Builder into)
      throws NoPlaceException {
    switch (field.getType()) {
      case MESSAGE -> {
        Message.Builder within = into.newBuilderForField(field);
        fill(json, within);
        return within.build();
      }
      case BYTES -> {
        return ByteString.copyFromUtf8(text(json.toString()));
      }
      case STRING -> {
        if (json.isTextual()) {
          return text(json.textValue());
        }
      }
      case BOOL -> {
        if (json.isBoolean()) {
          return json.booleanValue();
        }
      }
      case INT32 -> {
        if (json.isIntegralNumber() && json.canConvertToInt()) {
          return json.intValue();
        }
      }
      case INT64 -> {
        if (json.isIntegralNumber() && json.canConvertToLong()) {
          return json.longValue();
        }
      }
      case UINT32 -> {
        if (fits(json, 32)) {
          return json.bigIntegerValue().intValue();
        }
      }
      case UINT64 -> {
        if (fits(json, 64)) {
          return json.bigIntegerValue().longValue();
        }
      }
      default -> throw new IllegalStateException("field: " + field);
    }
    throw new NoPlaceException(field.getName());
  }

  private static boolean fits(JsonNode json, int bits) {
    BigInteger number = json.isIntegralNumber() ? json.bigIntegerValue() : BigInteger.ONE.negate();
    return number.signum() >= 0 && number.bitLength() <= bits;
  }

  private static String text(String text) throws NoPlaceException {
    if (!Utf8.encodable(text)) {
      throw new NoPlaceException("text");
    }
    return text;
  }
}
