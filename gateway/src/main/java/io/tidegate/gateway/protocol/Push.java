package io.tidegate.gateway.protocol;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Publication;

/** What the server sends unasked. */
public sealed interface Push {
  String channel();

  /** A publication; its offset is told where {@code positioned}. */
  record Published(String channel, Publication publication, boolean positioned) implements Push {}

  /** Somebody entered. */
  record Join(String channel, ClientInfo member) implements Push {}

  /** Somebody left. */
  record Leave(String channel, ClientInfo member) implements Push {}

  /** The server ended the subscription. */
  record Unsubscribed(String channel, UnsubscribeCode code) implements Push {}
}
