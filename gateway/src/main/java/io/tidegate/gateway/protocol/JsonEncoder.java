package io.tidegate.gateway.protocol;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes replies and pushes of the JSON protocol. What is false, 0 or empty is left out. */
final class JsonEncoder {
  private static final Map<Class<? extends Reply>, String> NAMES =
      Map.of(
          Reply.Connected.class, "connect",
          Reply.Refreshed.class, "refresh",
          Reply.Subscribed.class, "subscribe",
          Reply.SubRefreshed.class, "sub_refresh",
          Reply.History.class, "history",
          Reply.Presence.class, "presence",
          Reply.PresenceStats.class, "presence_stats",
          Reply.Rpc.class, "rpc");

  private JsonEncoder() {}

  static void reply(JsonWriter json, long id, Reply reply) {
    json.begin().number("id", id).key(name(reply)).begin();
    if (reply instanceof Reply.Connected connected) {
      connected(json, connected);
    } else if (reply instanceof Reply.Refreshed refreshed) {
      json.text("client", refreshed.client()).text("version", refreshed.version());
      expiry(json, refreshed.ttlSeconds());
    } else if (reply instanceof Reply.Subscribed subscribed) {
      subscribed(json, subscribed);
    } else if (reply instanceof Reply.SubRefreshed refreshed) {
      expiry(json, refreshed.ttlSeconds());
    } else if (reply instanceof Reply.History history) {
      publications(json, history.publications());
      position(json, history.top());
    } else if (reply instanceof Reply.Presence presence) {
      json.key("presence").begin();
      presence.members().forEach((client, info) -> member(json, client, info));
      json.end();
    } else if (reply instanceof Reply.PresenceStats stats) {
      json.number("num_clients", stats.clients()).number("num_users", stats.users());
    } else if (reply instanceof Reply.Rpc rpc) {
      json.raw("data", rpc.data());
    } else if (reply instanceof Reply.ServiceFailed failed) {
      json.number("code", failed.code()).text("message", failed.text());
    } else if (reply instanceof Reply.Failed failed) {
      failed(json, failed);
    }
    json.end().end();
  }

  static void push(JsonWriter json, Push push) {
    json.begin().key("push").begin();
    if (!(push instanceof Push.Message)) {
      json.text("channel", push.channel());
    }
    if (push instanceof Push.Published published) {
      json.key("pub");
      publication(json, published.publication(), published.positioned());
    } else if (push instanceof Push.Join join) {
      presence(json, "join", join.member());
    } else if (push instanceof Push.Leave leave) {
      presence(json, "leave", leave.member());
    } else if (push instanceof Push.Subscribed subscribed) {
      json.key("subscribe").begin();
      stand(json, subscribed.recoverable(), subscribed.positioned(), subscribed.position());
      json.raw("data", subscribed.data()).end();
    } else if (push instanceof Push.Message message) {
      json.key("message").begin().raw("data", message.data()).end();
    } else if (push instanceof Push.Unsubscribed unsubscribed) {
      UnsubscribeCode code = unsubscribed.code();
      json.key("unsubscribe").begin();
      json.number("code", code.code()).text("reason", code.reason()).end();
    }
    json.end().end();
  }

  private static String name(Reply reply) {
    if (reply instanceof Reply.Empty empty) {
      return switch (empty) {
        case UNSUBSCRIBED -> "unsubscribe";
        case PUBLISHED -> "publish";
        case PONG -> "ping";
      };
    }
    if (reply instanceof Reply.Failed || reply instanceof Reply.ServiceFailed) {
      return "error";
    }
    return requireNonNull(NAMES.get(reply.getClass()), "reply");
  }

  private static void connected(JsonWriter json, Reply.Connected connected) {
    json.text("client", connected.client()).text("version", connected.version());
    expiry(json, connected.ttlSeconds());
    json.raw("data", connected.data());
    if (!connected.subscriptions().isEmpty()) {
      json.key("subs").begin();
      for (Map.Entry<String, Reply.Subscribed> made : connected.subscriptions().entrySet()) {
        json.key(made.getKey()).begin();
        subscribed(json, made.getValue());
        json.end();
      }
      json.end();
    }
    if (connected.pingSeconds() > 0) {
      json.number("ping", connected.pingSeconds()).flag("pong", connected.pong());
    }
    json.text("session", connected.session()).text("node", connected.node());
  }

  private static void expiry(JsonWriter json, @Nullable Long ttlSeconds) {
    if (ttlSeconds != null) {
      json.flag("expires", true).number("ttl", ttlSeconds);
    }
  }

  private static void subscribed(JsonWriter json, Reply.Subscribed subscribed) {
    expiry(json, subscribed.ttlSeconds());
    stand(json, subscribed.recoverable(), subscribed.positioned(), subscribed.position());
    json.flag("was_recovering", subscribed.wasRecovering())
        .flag("recovered", subscribed.recovered());
    if (!subscribed.publications().isEmpty()) {
      publications(json, subscribed.publications());
    }
    json.raw("data", subscribed.data());
  }

  private static void stand(
      JsonWriter json, boolean recoverable, boolean positioned, @Nullable StreamPosition position) {
    json.flag("recoverable", recoverable).flag("positioned", positioned);
    if (position != null) {
      position(json, position);
    }
  }

  private static void failed(JsonWriter json, Reply.Failed failed) {
    ErrorCode error = failed.error();
    json.number("code", error.code()).text("message", failed.text());
    json.flag("temporary", error.temporary());
  }

  private static void position(JsonWriter json, StreamPosition position) {
    json.text("epoch", position.epoch());
    if (position.offset() > 0) {
      json.number("offset", position.offset());
    }
  }

  private static void publications(JsonWriter json, List<Publication> publications) {
    json.key("publications").beginArray();
    for (Publication publication : publications) {
      publication(json.element(), publication, true);
    }
    json.endArray();
  }

  private static void publication(JsonWriter json, Publication publication, boolean positioned) {
    json.begin().raw("data", publication.data());
    if (positioned) {
      json.number("offset", publication.offset());
    }
    if (publication.info() != null) {
      member(json, "info", publication.info());
    }
    if (!publication.tags().isEmpty()) {
      json.key("tags").begin();
      for (Map.Entry<String, String> tag : publication.tags().entrySet()) {
        json.text(tag.getKey(), tag.getValue());
      }
      json.end();
    }
    if (publication.timeMillis() > 0) {
      json.number("time", publication.timeMillis());
    }
    json.end();
  }

  private static void presence(JsonWriter json, String type, ClientInfo member) {
    json.key(type).begin();
    member(json, "info", member);
    json.end();
  }

  private static void member(JsonWriter json, String name, ClientInfo member) {
    json.key(name).begin().text("client", member.client()).text("user", member.user());
    json.raw("conn_info", member.connInfo()).raw("chan_info", member.chanInfo()).end();
  }
}
