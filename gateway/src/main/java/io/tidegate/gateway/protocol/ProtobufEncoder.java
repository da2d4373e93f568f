package io.tidegate.gateway.protocol;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes replies and pushes of the Protobuf protocol, with the numbers of {@code client.proto}. */
final class ProtobufEncoder {
  private static final int ERROR = 2;
  private static final int PUSH = 4;

  private ProtobufEncoder() {}

  static void reply(ProtobufWriter message, long id, Reply reply) throws IOException {
    message.number(1, id).message(number(reply), to -> result(to, reply));
  }

  static void push(ProtobufWriter message, Push push) throws IOException {
    message.message(
        PUSH,
        to -> to.text(2, push.channel()).message(number(push), within -> event(within, push)));
  }

  private static int number(Reply reply) {
    if (reply instanceof Reply.Empty empty) {
      return switch (empty) {
        case UNSUBSCRIBED -> 7;
        case PUBLISHED -> 8;
        case PONG -> 12;
      };
    } else if (reply instanceof Reply.Connected) {
      return 5;
    } else if (reply instanceof Reply.Subscribed) {
      return 6;
    } else if (reply instanceof Reply.Presence) {
      return 9;
    } else if (reply instanceof Reply.PresenceStats) {
      return 10;
    } else if (reply instanceof Reply.History) {
      return 11;
    } else if (reply instanceof Reply.Rpc) {
      return 13;
    } else if (reply instanceof Reply.Refreshed) {
      return 14;
    } else if (reply instanceof Reply.SubRefreshed) {
      return 15;
    }
    return ERROR;
  }

  private static int number(Push push) {
    if (push instanceof Push.Published) {
      return 4;
    } else if (push instanceof Push.Join) {
      return 5;
    } else if (push instanceof Push.Leave) {
      return 6;
    } else if (push instanceof Push.Unsubscribed) {
      return 7;
    }
    return push instanceof Push.Message ? 8 : 9;
  }

  private static void result(ProtobufWriter to, Reply reply) throws IOException {
    if (reply instanceof Reply.Connected connected) {
      connected(to, connected);
    } else if (reply instanceof Reply.Refreshed refreshed) {
      to.text(1, refreshed.client()).text(2, refreshed.version());
      expiry(to, 3, refreshed.ttlSeconds());
    } else if (reply instanceof Reply.Subscribed subscribed) {
      subscribed(to, subscribed);
    } else if (reply instanceof Reply.SubRefreshed refreshed) {
      expiry(to, 1, refreshed.ttlSeconds());
    } else if (reply instanceof Reply.History history) {
      publications(to, 1, history.publications());
      to.text(2, history.top().epoch()).number(3, history.top().offset());
    } else if (reply instanceof Reply.Presence presence) {
      for (Map.Entry<String, ClientInfo> member : presence.members().entrySet()) {
        to.message(
            1, entry -> entry.text(1, member.getKey()).message(2, m -> info(m, member.getValue())));
      }
    } else if (reply instanceof Reply.PresenceStats stats) {
      to.number(1, stats.clients()).number(2, stats.users());
    } else if (reply instanceof Reply.Rpc rpc) {
      to.data(1, rpc.data());
    } else if (reply instanceof Reply.ServiceFailed failed) {
      to.number(1, failed.code()).text(2, failed.text());
    } else if (reply instanceof Reply.Failed failed) {
      to.number(1, failed.error().code()).text(2, failed.text());
      to.flag(3, failed.error().temporary());
    }
  }

  private static void event(ProtobufWriter to, Push push) throws IOException {
    if (push instanceof Push.Published published) {
      publication(to, published.publication(), published.positioned());
    } else if (push instanceof Push.Join join) {
      to.message(1, member -> info(member, join.member()));
    } else if (push instanceof Push.Leave leave) {
      to.message(1, member -> info(member, leave.member()));
    } else if (push instanceof Push.Unsubscribed unsubscribed) {
      to.number(2, unsubscribed.code().code()).text(3, unsubscribed.code().reason());
    } else if (push instanceof Push.Message message) {
      to.data(1, message.data());
    } else if (push instanceof Push.Subscribed subscribed) {
      to.flag(1, subscribed.recoverable());
      position(to, 4, 5, subscribed.position());
      to.flag(6, subscribed.positioned()).data(7, subscribed.data());
    }
  }

  private static void connected(ProtobufWriter to, Reply.Connected connected) throws IOException {
    to.text(1, connected.client()).text(2, connected.version());
    expiry(to, 3, connected.ttlSeconds());
    to.data(5, connected.data());
    for (Map.Entry<String, Reply.Subscribed> made : connected.subscriptions().entrySet()) {
      to.message(
          6, entry -> entry.text(1, made.getKey()).message(2, s -> subscribed(s, made.getValue())));
    }
    if (connected.pingSeconds() > 0) {
      to.number(7, connected.pingSeconds()).flag(8, connected.pong());
    }
    to.text(9, connected.session()).text(10, connected.node());
  }

  private static void subscribed(ProtobufWriter to, Reply.Subscribed subscribed)
      throws IOException {
    expiry(to, 1, subscribed.ttlSeconds());
    to.flag(3, subscribed.recoverable());
    publications(to, 7, subscribed.publications());
    to.flag(8, subscribed.recovered());
    position(to, 6, 9, subscribed.position());
    to.flag(10, subscribed.positioned()).data(11, subscribed.data());
    to.flag(12, subscribed.wasRecovering());
  }

  /** Two fields: that there is an end, and when. */
  private static void expiry(ProtobufWriter to, int field, @Nullable Long ttlSeconds)
      throws IOException {
    if (ttlSeconds != null) {
      to.flag(field, true).number(field + 1, ttlSeconds);
    }
  }

  private static void position(
      ProtobufWriter to, int epoch, int offset, @Nullable StreamPosition position)
      throws IOException {
    if (position != null) {
      to.text(epoch, position.epoch()).number(offset, position.offset());
    }
  }

  private static void publications(ProtobufWriter to, int field, List<Publication> publications)
      throws IOException {
    for (Publication publication : publications) {
      to.message(field, within -> publication(within, publication, true));
    }
  }

  private static void publication(ProtobufWriter to, Publication publication, boolean positioned)
      throws IOException {
    to.data(4, publication.data());
    ClientInfo publisher = publication.info();
    if (publisher != null) {
      to.message(5, within -> info(within, publisher));
    }
    if (positioned) {
      to.number(6, publication.offset());
    }
    for (Map.Entry<String, String> tag : publication.tags().entrySet()) {
      to.message(7, entry -> entry.text(1, tag.getKey()).text(2, tag.getValue()));
    }
    to.number(9, Math.max(0, publication.timeMillis()));
  }

  private static void info(ProtobufWriter to, ClientInfo info) throws IOException {
    to.text(1, info.user()).text(2, info.client());
    to.data(3, info.connInfo()).data(4, info.chanInfo());
  }
}
