package io.tidegate.gateway.protocol;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Publication;

/** What the server sends unasked. */
public sealed interface Push {
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

  /** The server ended the subscription. */
  record Unsubscribed(String channel, UnsubscribeCode code) implements Push {}
}
