package io.tidegate.gateway.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PresenceStore;
import io.tidegate.backplane.Publication;
import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.protocol.ErrorCode;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The methods that read a channel: who is in it, and what was said. */
final class ChannelReads {
  private static final Field<String> CHANNEL = Field.channel("Whose.");
  private static final Field<Long> LIMIT =
      Field.integer(
          "limit",
          0,
          HistoryQuery.ALL,
          Integer.MAX_VALUE,
          "Publications at most; 0 for the position only, -1 for all that is kept. An answer ends at"
              + " 1 MiB in any case: read on with `since`.");
  private static final Field<Params> SINCE =
      Positions.field("since", "Read what comes after it; with `reverse`, before it.");
  private static final Field<Boolean> REVERSE = Field.flag("reverse", "Newest first.");

  private static final JsonBody INFO =
      Schema.object(
          Map.of(
              "client", Schema.STRING,
              "user", Schema.STRING,
              "conn_info", Schema.ANYTHING,
              "chan_info", Schema.ANYTHING));
  private static final JsonBody PUBLICATION =
      Schema.object(
          Map.of(
              "data", Schema.ANYTHING,
              "b64data", Schema.BASE64,
              "offset", Schema.INTEGER,
              "info", INFO,
              "tags", Schema.byName(Schema.STRING),
              "time", Schema.INTEGER));

  private final Channels channels;
  private final Backplane backplane;
  private final PresenceStore presence;

  ChannelReads(Channels channels, Backplane backplane, PresenceStore presence) {
    this.channels = channels;
    this.backplane = backplane;
    this.presence = presence;
  }

  List<ApiMethod> methods() {
    return List.of(
        new ApiMethod(
            "presence",
            "Tells who is in a channel.",
            List.of(CHANNEL),
            Schema.object(Map.of("presence", Schema.byName(INFO))),
            this::presence),
        new ApiMethod(
            "presence_stats",
            "Tells how many are in a channel.",
            List.of(CHANNEL),
            Schema.object(Map.of("num_clients", Schema.INTEGER, "num_users", Schema.INTEGER)),
            this::presenceStats),
        new ApiMethod(
            "history",
            "Reads a channel's stream.",
            List.of(CHANNEL, LIMIT, SINCE, REVERSE),
            Schema.object(
                Map.of(
                    "publications",
                    Schema.array(PUBLICATION),
                    "offset",
                    Schema.INTEGER,
                    "epoch",
                    Schema.STRING)),
            this::history),
        new ApiMethod(
            "history_remove",
            "Removes a channel's publications; its position stays.",
            List.of(CHANNEL),
            Schema.object(Map.of()),
            this::historyRemove));
  }

  private Future<JsonBody> presence(ApiCaller caller, Params params) {
    return presence
        .members(channelWithPresence(caller, params))
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

  private Future<JsonBody> presenceStats(ApiCaller caller, Params params) {
    return presence
        .stats(channelWithPresence(caller, params))
        .map(
            stats ->
                json -> {
                  json.writeNumberField("num_clients", stats.clients());
                  json.writeNumberField("num_users", stats.users());
                });
  }

  private String channelWithPresence(ApiCaller caller, Params params) {
    String channel = CHANNEL.of(params);
    if (!channels.require(caller, channel).presence()) {
      throw new ApiException(ErrorCode.NOT_AVAILABLE, "presence is off in the namespace");
    }
    return channel;
  }

  private Future<JsonBody> history(ApiCaller caller, Params params) {
    String channel = CHANNEL.of(params);
    Namespace namespace = requireHistory(channels.require(caller, channel));
    Params since = SINCE.in(params);
    var query =
        new HistoryQuery(
            since == null ? null : Positions.of(since),
            LIMIT.of(params).intValue(),
            REVERSE.of(params));
    return backplane
        .history(channel, namespace.stream(), query)
        .map(page -> page(page, namespace.json()));
  }

  private Future<JsonBody> historyRemove(ApiCaller caller, Params params) {
    String channel = CHANNEL.of(params);
    Namespace namespace = requireHistory(channels.require(caller, channel));
    return backplane
        .removeHistory(channel, namespace.stream())
        .recover(
            failure ->
                ApiError.unsure(
                    failure, "done again, it also removes what was published in between"))
        .map(done -> json -> {});
  }

  private static Namespace requireHistory(Namespace namespace) {
    if (namespace.stream().historySize() == 0) {
      throw new ApiException(ErrorCode.NOT_AVAILABLE, "history is off in the namespace");
    }
    return namespace;
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
