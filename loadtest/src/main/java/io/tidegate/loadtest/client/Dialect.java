package io.tidegate.loadtest.client;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a kind of server is spoken to: what is said for "let me in", "subscribe" and "publish", and
 * what its answers mean. What the tester detects does not depend on it. One for each connection,
 * confined to its event loop; talks through the {@link Conversation} that it was made for.
 */
interface Dialect {
  /** Where to connect to, if this is where the user said. */
  default URI url(URI base) {
    return base;
  }

  /** The subprotocol to offer, which the server has to choose; null for none. */
  default @Nullable String subprotocol() {
    return null;
  }

  /** Headers of the upgrade request beside those of RFC 6455. */
  default Map<String, String> headers() {
    return Map.of();
  }

  /** Whether messages to the server go in binary frames. */
  default boolean binary() {
    return false;
  }

  /** The upgrade is done: begin, unless it is for the server to begin. */
  default void opened() {}

  /** A message came, in {@code bytes} from {@code from} up to {@code to}. */
  void received(byte[] bytes, int from, int to);

  /**
   * A publication as it goes into a frame.
   *
   * @param id grows by 1 with each publication of this connection, from 0
   * @param data JSON
   */
  String publish(int id, String channel, String data);
}
