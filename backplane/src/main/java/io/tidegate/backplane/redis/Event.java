package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Publication;
import io.vertx.core.json.JsonObject;

/**
 * What a channel's script publishes: {@code p EPOCH OFFSET MOVES TIME} and a publication, or {@code
 * +} (a join) or {@code -} (a leave) with {@code EPOCH OFFSET MOVES} and a member; each a line,
 * then its content.
 */
sealed interface Event {
  /** The place right after this event. */
  Place place();

  /** Bytes that it takes while it is held. */
  int size();

  /** A publication. */
  record Published(Place place, Publication publication, int size) implements Event {}

  /** A join or a leave. */
  record Moved(Place place, boolean in, ClientInfo member, int size) implements Event {}

  /** Fails with an {@link IllegalArgumentException} where it is not written as it should be. */
  static Event read(byte[] bytes) {
    int end = Lines.end(bytes, 0);
    String[] head = new String(bytes, 0, end, US_ASCII).split(" ", -1);
    if (head.length != (head[0].equals("p") ? 5 : 4)) {
      throw new IllegalArgumentException("event: (not shown) (expected: a line of 4 or 5 words)");
    }
    var place = new Place(head[1], Long.parseLong(head[2]), Long.parseLong(head[3]));
    return switch (head[0]) {
      case "p" -> {
        long timeMillis = Long.parseLong(head[4]);
        yield new Published(
            place,
            PublicationWire.decode(place.offset(), timeMillis, bytes, end + 1),
            bytes.length);
      }
      case "+", "-" -> {
        String json = new String(bytes, end + 1, bytes.length - end - 1, UTF_8);
        yield new Moved(
            place, head[0].equals("+"), MemberWire.read(new JsonObject(json)), bytes.length);
      }
      default -> throw new IllegalArgumentException("event: (not shown) (expected: p, + or -)");
    };
  }
}
