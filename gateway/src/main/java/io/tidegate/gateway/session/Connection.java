package io.tidegate.gateway.session;

import io.netty.buffer.ByteBuf;

/**
 * A socket as a session sees it, from the 101 to its end. Confined to the connection's event loop.
 * Calls after the end have no effect, except that references given away are released.
 */
public interface Connection {
  /** Who is told what arrives, from now on. */
  void handler(ConnectionHandler handler);

  /**
   * Bounds the messages that begin from now on, at most to what is configured: one that is
   * announced to be larger, or grows so by its fragments or by inflating, closes with 1009.
   */
  void maxMessage(int bytes);

  /**
   * Queues what goes on the wire: whole frames, header included. Does not flush.
   *
   * @param frames one reference to it is taken over; never modified, so it may be shared
   */
  void write(ByteBuf frames);

  /**
   * Bytes of the largest message that the peer takes compressed (permessage-deflate); 0 where it
   * takes none.
   */
  int deflatable();

  /** Queues a WebSocket ping without payload, without flushing. */
  void ping();

  /** Sends what is queued; at most once per pass of the loop. */
  void flush();

  /**
   * Bytes that were queued and that the socket has not taken yet, with what a waiting buffer costs
   * besides its content.
   */
  int pendingBytes();

  /**
   * Closes: what is queued is sent, then a close frame (RFC 6455 section 7.1.2); a peer that does
   * not answer within seconds is cut off. The handler hears no more.
   *
   * @param reason at most 123 bytes of UTF-8 are sent
   */
  void close(int code, String reason);

  /** The client's address, as far as proxies in front tell it, for logs. */
  String remoteAddress();
}
