package io.tidegate.gateway.session;

/**
 * A stage of a connection's life: before it is known who is there ({@link Greeting}), and after
 * ({@link Session}). Called on the connection's event loop.
 */
public interface ConnectionHandler {
  /** A complete message, at most as large as it may be; the array is the handler's. */
  void message(byte[] message, boolean text);

  /** A WebSocket pong, to a ping of ours or to none. */
  default void pong() {}

  /**
   * The connection is over, by the peer or the network; called once, and not after {@link
   * Connection#close}. What is written now still comes before our close frame, if the peer is there
   * to be sent one.
   *
   * @param reason metric label: one of a closed set
   */
  void closed(String reason);
}
