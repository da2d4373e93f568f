package io.tidegate.backplane.redis;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A client as it stands in the store: one line of JSON. */
final class MemberWire {
  private MemberWire() {}

  static JsonObject json(ClientInfo member) {
    var json = new JsonObject().put("client", member.client()).put("user", member.user());
    if (member.connInfo() != null) {
      json.put("conn", member.connInfo().text());
    }
    if (member.chanInfo() != null) {
      json.put("chan", member.chanInfo().text());
    }
    return json;
  }

  static ClientInfo read(JsonObject json) {
    return new ClientInfo(
        json.getString("client"),
        json.getString("user"),
        payload(json.getString("conn")),
        payload(json.getString("chan")));
  }

  private static @Nullable Payload payload(@Nullable String text) {
    return text == null ? null : Payload.utf8(text);
  }
}
