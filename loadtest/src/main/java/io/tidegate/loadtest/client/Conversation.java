package io.tidegate.loadtest.client;

import org.jspecify.annotations.Nullable;

/** What a {@link Dialect} understood, and may say. Confined to the connection's event loop. */
interface Conversation {
  /** Says something to the server. */
  void send(String message);

  /**
   * The server let us in.
   *
   * @param pingSeconds between its pings; 0 where it does not say
   */
  void connected(int pingSeconds);

  /**
   * The client is of use: connected, and subscribed if it was to.
   *
   * @param positioned whether publications have offsets
   */
  void ready(boolean positioned);

  /**
   * A publication of a load test.
   *
   * @param at where its data begin, which {@link Payload} made and which are there whole
   * @param offset negative where it has none
   */
  void publication(byte[] bytes, int at, long offset);

  /** The server asked whether we live. */
  void pinged();

  /**
   * A publication was answered.
   *
   * @param error what failed, or null
   */
  void answered(int id, @Nullable String error);

  /** The connection is of no use, or no more: drops it. */
  void giveUp(String reason);
}
