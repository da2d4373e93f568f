package io.tidegate.backplane.client;

import static java.util.Objects.requireNonNullElse;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the results of the server API. Throws what it likes when they are none. */
final class Answers {
  private Answers() {}

  static StreamPosition position(JsonObject result) {
    return new StreamPosition(result.getString("epoch"), result.getLong("offset"));
  }

  static PresenceStats stats(JsonObject result) {
    return new PresenceStats(result.getInteger("num_clients"), result.getInteger("num_users"));
  }

  static Map<String, ClientInfo> members(JsonObject result) {
    JsonObject presence = result.getJsonObject("presence");
    Map<String, ClientInfo> members = new LinkedHashMap<>();
    for (String client : presence.fieldNames()) {
      members.put(client, info(presence.getJsonObject(client)));
    }
    return Map.copyOf(members);
  }

  static ChannelHistory history(JsonObject result) {
    JsonArray read = result.getJsonArray("publications");
    List<Publication> publications = new ArrayList<>();
    for (int i = 0; i < read.size(); i++) {
      publications.add(publication(read.getJsonObject(i)));
    }
    return new ChannelHistory(position(result), publications);
  }

  private static Publication publication(JsonObject json) {
    String base64 = json.getString("b64data");
    JsonObject info = json.getJsonObject("info");
    Map<String, String> tags = new LinkedHashMap<>();
    for (var tag : json.getJsonObject("tags", new JsonObject())) {
      tags.put(tag.getKey(), String.valueOf(tag.getValue()));
    }
    return new Publication(
        json.getLong("offset"),
        base64 == null
            ? Payload.utf8(Json.encode(json.getValue("data")))
            : Payload.of(Base64.getDecoder().decode(base64)),
        info == null ? null : info(info),
        tags,
        json.getLong("time"));
  }

  private static ClientInfo info(JsonObject json) {
    return new ClientInfo(
        json.getString("client"),
        requireNonNullElse(json.getString("user"), ""),
        raw(json, "conn_info"),
        raw(json, "chan_info"));
  }

  private static @Nullable Payload raw(JsonObject json, String name) {
    return json.containsKey(name) ? Payload.utf8(Json.encode(json.getValue(name))) : null;
  }
}
