package io.tidegate.gateway.protocol;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command is answered with. */
public sealed interface Reply {
  /**
   * The session is open.
   *
   * @param ttlSeconds seconds until the token expires; absent when it does not
   * @param pingSeconds seconds between the server's pings, 0 for none
   * @param pong whether the client has to answer pings
   * @param subscriptions those that the server has made, by channel; what arrives for them comes
   *     behind this reply
   */
  record Connected(
      String client,
      String version,
      @Nullable Long ttlSeconds,
      @Nullable Payload data,
      int pingSeconds,
      boolean pong,
      String session,
      String node,
      Map<String, Subscribed> subscriptions)
      implements Reply {
    public Connected {
      subscriptions = Map.copyOf(subscriptions);
    }
  }

  /** The token was replaced; fields as in {@link Connected}. */
  record Refreshed(String client, String version, @Nullable Long ttlSeconds) implements Reply {}

  /** The subscription's token was replaced; absent where it does not expire any more. */
  record SubRefreshed(@Nullable Long ttlSeconds) implements Reply {}

  /**
   * The subscription is live from {@code position} on.
   *
   * @param position absent when the subscription is neither positioned nor recoverable
   * @param publications what was missed, oldest first; all of it when {@code recovered}
   * @param ttlSeconds seconds until the subscription expires; absent when it does not
   * @param data what whoever granted the subscription gives the client with it
   */
  record Subscribed(
      boolean recoverable,
      boolean positioned,
      @Nullable StreamPosition position,
      boolean wasRecovering,
      boolean recovered,
      List<Publication> publications,
      @Nullable Long ttlSeconds,
      @Nullable Payload data)
      implements Reply {
    public Subscribed {
      publications = List.copyOf(publications);
    }
  }

  /** A page of history and the stream's position. */
  record History(List<Publication> publications, StreamPosition top) implements Reply {
    public History {
      publications = List.copyOf(publications);
    }
  }

  /** Who is in the channel, by client id. */
  record Presence(Map<String, ClientInfo> members) implements Reply {
    public Presence {
      members = Map.copyOf(members);
    }
  }

  /** How many are in the channel. */
  record PresenceStats(int clients, int users) implements Reply {}

  /** Done; nothing to say. */
  enum Empty implements Reply {
    UNSUBSCRIBED,
    PUBLISHED,
    PONG
  }

  /** An answer of a service. */
  record Rpc(Payload data) implements Reply {}

  /**
   * An error of a service's own.
   *
   * @param text for people; as the service gave it
   */
  record ServiceFailed(int code, String text) implements Reply {}

  /**
   * Refused.
   *
   * @param detail what was wrong, behind the code's own text; empty for nothing more to say
   */
  record Failed(ErrorCode error, String detail) implements Reply {
    public static Failed of(ErrorCode error) {
      return new Failed(error, "");
    }

    /** What the client reads. */
    String text() {
      return detail.isEmpty() ? error.message() : error.message() + ": " + detail;
    }
  }
}
