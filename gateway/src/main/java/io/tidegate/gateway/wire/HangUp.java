package io.tidegate.gateway.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a channel. Confined to its event loop. */
final class HangUp {
  private static final Logger log = LoggerFactory.getLogger(HangUp.class);

  private HangUp() {}

  /** Closes from the handler of {@code channel} towards the socket. */
  static void now(ChannelHandlerContext channel) {
    channel
        .close()
        .addListener(
            closed -> {
              if (!closed.isSuccess()) {
                log.debug("close failed", closed.cause());
              }
            });
  }

  /**
   * Closes with TLS's last word, unless that would have to wait behind what the peer does not read.
   */
  static void close(ChannelHandlerContext channel) {
    ChannelOutboundBuffer waiting = channel.channel().unsafe().outboundBuffer();
    if (waiting == null || waiting.totalPendingWriteBytes() == 0) {
      now(channel);
    } else {
      cut(channel);
    }
  }

  /** Closes below TLS, whatever is on its way; does nothing where that was done. */
  static void cut(ChannelHandlerContext channel) {
    if (channel.channel().isOpen()) {
      ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
      now(tls == null ? channel : tls);
    }
  }

  /**
   * Ends what we send, so that the peer may end the rest (RFC 6455 section 7.1.1): the channel
   * closes when it does. To be called once the last bytes are written; until the peer is done what
   * arrives has to be read, and for how long is for the caller to bound.
   *
   * <p>A plain close would answer what is still on its way with a reset, and a reset may overtake
   * what was sent last, so that the peer never learns why.
   */
  static void begin(ChannelHandlerContext channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      endTcp(channel);
    } else {
      // Told before its last record is flushed.
      tls.closeOutbound()
          .addListener(done -> channel.executor().execute(() -> endTls(channel, tls)));
    }
  }

  /** Engines differ in what they do with records after that, so these are discarded unread. */
  private static void endTls(ChannelHandlerContext channel, SslHandler tls) {
    if (channel.channel().isActive() && !channel.isRemoved()) {
      channel.pipeline().remove(tls);
      endTcp(channel);
    }
  }

  private static void endTcp(ChannelHandlerContext channel) {
    if (channel.channel() instanceof DuplexChannel socket) {
      socket
          .shutdownOutput()
          .addListener(
              shut -> {
                if (!shut.isSuccess()) {
                  cut(channel);
                }
              });
    } else {
      cut(channel);
    }
  }
}
