package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * A publication as it stands in the store: a line of JSON with who sent it and its tags, empty when
 * it has neither; then the data.
 */
final class PublicationWire {
  private static final byte[] BARE = {'\n'};

  private PublicationWire() {}

  static Buffer encode(PublishRequest request) {
    byte[] data = request.data().bytes();
    byte[] head = head(request);
    return Buffer.buffer(head.length + data.length).appendBytes(head).appendBytes(data);
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @param from where it begins in {@code bytes}; it goes to the end
   */
  static Publication decode(long offset, long timeMillis, byte[] bytes, int from) {
    int end = Lines.end(bytes, from);
    byte[] data = java.util.Arrays.copyOfRange(bytes, end + 1, bytes.length);
    if (end == from) {
      return new Publication(offset, Payload.of(data), null, Map.of(), timeMillis);
    }
    var head = new JsonObject(new String(bytes, from, end - from, UTF_8));
    JsonObject info = head.getJsonObject("info");
    ClientInfo client = info == null ? null : MemberWire.read(info);
    Map<String, String> tags = new HashMap<>();
    JsonObject given = head.getJsonObject("tags");
    if (given != null) {
      given.forEach(tag -> tags.put(tag.getKey(), (String) tag.getValue()));
    }
    return new Publication(offset, Payload.of(data), client, tags, timeMillis);
  }

  private static byte[] head(PublishRequest request) {
    if (request.info() == null && request.tags().isEmpty()) {
      return BARE;
    }
    var head = new JsonObject();
    if (request.info() != null) {
      head.put("info", MemberWire.json(request.info()));
    }
    if (!request.tags().isEmpty()) {
      var tags = new JsonObject();
      request.tags().forEach(tags::put);
      head.put("tags", tags);
    }
    return (head.encode() + "\n").getBytes(UTF_8);
  }
}
