package io.tidegate.gateway.wire;

import io.netty.channel.ChannelHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a channel that nobody waits for. */
final class Closing {
  private static final Logger log = LoggerFactory.getLogger(Closing.class);

  private Closing() {}

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
}
