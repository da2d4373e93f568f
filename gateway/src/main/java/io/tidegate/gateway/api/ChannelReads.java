package io.tidegate.gateway.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PresenceStore;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.protocol.ErrorCode;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods that read a channel: who is in it, and what was said. */
final class ChannelReads {
  private static final int MAX_EPOCH_BYTES = 64;

  private final Channels channels;
  private final Backplane backplane;
  private final PresenceStore presence;

  ChannelReads(Channels channels, Backplane backplane, PresenceStore presence) {
    this.channels = channels;
    this.backplane = backplane;
    this.presence = presence;
  }

  Future<JsonBody> presence(Params params) {
    return presence
        .members(channelWithPresence(params))
        .map(
            members ->
                json -> {
                  json.writeObjectFieldStart("presence");
                  for (Map.Entry<String, ClientInfo> member : members.entrySet()) {
                    writeInfo(json, member.getKey(), member.getValue());
                  }
                  json.writeEndObject();
                });
  }

  Future<JsonBody> presenceStats(Params params) {
    return presence
        .stats(channelWithPresence(params))
        .map(
            stats ->
                json -> {
                  json.writeNumberField("num_clients", stats.clients());
                  json.writeNumberField("num_users", stats.users());
                });
  }

  private String channelWithPresence(Params params) {
    String channel = params.string("channel", Integer.MAX_VALUE);
    if (!channels.require(channel).presence()) {
      throw new ApiException(ErrorCode.NOT_AVAILABLE, "presence is off in the namespace");
    }
    return channel;
  }

  Future<JsonBody> history(Params params) {
    String channel = params.string("channel", Integer.MAX_VALUE);
    Namespace namespace = channels.require(channel);
    if (namespace.stream().historySize() == 0) {
      throw new ApiException(ErrorCode.NOT_AVAILABLE, "history is off in the namespace");
    }
    int limit = (int) params.integer("limit", 0, HistoryQuery.ALL, Integer.MAX_VALUE);
    var query = new HistoryQuery(since(params), limit, params.flag("reverse"));
    return backplane
        .history(channel, namespace.stream(), query)
        .map(page -> page(page, namespace.json()));
  }

  private static @Nullable StreamPosition since(Params params) {
    Params since = params.object("since");
    return since == null
        ? null
        : new StreamPosition(
            since.string("epoch", MAX_EPOCH_BYTES), since.integer("offset", 0, 0, Long.MAX_VALUE));
  }

  // A trimmed page is answered as it is: its first offset tells the caller what is missing.
  private static JsonBody page(HistoryPage page, boolean dataIsJson) {
    if (page.continuity() == HistoryPage.Continuity.FOREIGN) {
      throw new ApiException(
          ErrorCode.UNRECOVERABLE_POSITION, "since is not a position of the channel's stream");
    }
    return json -> {
      json.writeArrayFieldStart("publications");
      for (Publication publication : page.publications()) {
        write(json, publication, dataIsJson);
      }
      json.writeEndArray();
      json.writeNumberField("offset", page.top().offset());
      json.writeStringField("epoch", page.top().epoch());
    };
  }

  private static void write(JsonGenerator json, Publication publication, boolean dataIsJson)
      throws IOException {
    json.writeStartObject();
    if (dataIsJson) {
      JsonBody.writeRaw(json, "data", publication.data());
    } else {
      json.writeStringField(
          "b64data", Base64.getEncoder().encodeToString(publication.data().bytes()));
    }
    json.writeNumberField("offset", publication.offset());
    if (publication.info() != null) {
      writeInfo(json, "info", publication.info());
    }
    if (!publication.tags().isEmpty()) {
      json.writeObjectFieldStart("tags");
      for (Map.Entry<String, String> tag : publication.tags().entrySet()) {
        json.writeStringField(tag.getKey(), tag.getValue());
      }
      json.writeEndObject();
    }
    json.writeNumberField("time", publication.timeMillis());
    json.writeEndObject();
  }

  private static void writeInfo(JsonGenerator json, String name, ClientInfo info)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("client", info.client());
    json.writeStringField("user", info.user());
    if (info.connInfo() != null) {
      JsonBody.writeRaw(json, "conn_info", info.connInfo());
    }
    if (info.chanInfo() != null) {
      JsonBody.writeRaw(json, "chan_info", info.chanInfo());
    }
    json.writeEndObject();
  }
}
