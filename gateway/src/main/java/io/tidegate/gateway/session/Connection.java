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
   * Queues one message as one frame, without flushing.
   *
   * @param message one reference to it is taken over; never modified, so it may be shared
   */
  void write(ByteBuf message, boolean text);

  /** Sends what is queued; at most once per pass of the loop. */
  void flush();

  /**
   * Bytes of frames that were queued and that the socket has not taken yet, with an allowance for
   * what a waiting frame costs besides its payload.
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
