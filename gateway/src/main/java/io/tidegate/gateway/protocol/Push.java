package io.tidegate.gateway.protocol;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import org.jspecify.annotations.Nullable;

/** What the server sends unasked. */
public sealed interface Push {
  /** Where it happened; empty for what is about no channel. */
  String channel();

  /**
   * A publication.
   *
   * @param positioned whether its offset is told
   * @param json whether its data are known to be JSON
   */
  record Published(String channel, Publication publication, boolean positioned, boolean json)
      implements Push {}

  /** Somebody entered. */
  record Join(String channel, ClientInfo member) implements Push {}

  /** Somebody left. */
  record Leave(String channel, ClientInfo member) implements Push {}

  /**
   * The server subscribed the client.
   *
   * @param position absent when the subscription is neither positioned nor recoverable
   */
  record Subscribed(
      String channel,
      boolean recoverable,
      boolean positioned,
      @Nullable StreamPosition position,
      @Nullable Payload data)
      implements Push {}

  /** A message to this connection alone. */
  record Message(Payload data) implements Push {
    @Override
    public String channel() {
      return "";
    }
  }

  /** The server ended the subscription. */
  record Unsubscribed(String channel, UnsubscribeCode code) implements Push {}
}
