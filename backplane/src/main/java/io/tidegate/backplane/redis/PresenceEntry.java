package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.ClientInfo;
import io.vertx.core.json.JsonObject;

/** A presence entry as the scripts write it: {@code OWNER SIGN LENGTH}, a line; user; member. */
final class PresenceEntry {
  private PresenceEntry() {}

  static ClientInfo member(byte[] entry) {
    int end = Lines.end(entry, 0);
    String head = new String(entry, 0, end, US_ASCII);
    int user = Integer.parseInt(head.substring(head.lastIndexOf(' ') + 1));
    int from = end + 1 + user;
    return MemberWire.read(new JsonObject(new String(entry, from, entry.length - from, UTF_8)));
  }
}
