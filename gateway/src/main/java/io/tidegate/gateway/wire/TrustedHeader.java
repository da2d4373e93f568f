package io.tidegate.gateway.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol.TransportProtocol;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the header of a trusted proxy and hands Vert.x what it tells. Confined to the channel's
 * event loop; gone with the header.
 */
final class TrustedHeader extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(TrustedHeader.class);

  private final Consumer<ProxyRefusal> listener;
  private @Nullable ChannelHandlerContext ctx;
  private boolean refused;

  TrustedHeader(Consumer<ProxyRefusal> listener) {
    this.listener = listener;
  }

  /** What stands for the header of a connection that speaks for itself. */
  static HAProxyMessage none() {
    return new HAProxyMessage(
        HAProxyProtocolVersion.V2,
        HAProxyCommand.LOCAL,
        HAProxyProxiedProtocol.UNKNOWN,
        null,
        null,
        0,
        0);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    if (refused || !(message instanceof HAProxyMessage header)) {
      ReferenceCountUtil.release(message);
      return;
    }
    HAProxyProxiedProtocol protocol = header.proxiedProtocol();
    if (protocol.transportProtocol() == TransportProtocol.DGRAM) {
      header.release();
      refuse(ProxyRefusal.MALFORMED);
      return;
    }
    // A proxy that asks for itself (LOCAL), or whose client has no address of this kind.
    boolean tells =
        protocol == HAProxyProxiedProtocol.TCP4 || protocol == HAProxyProxiedProtocol.TCP6;
    if (!tells) {
      header.release();
    }
    channel.fireChannelRead(tells ? header : none());
    channel.pipeline().remove(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    log.debug("proxy header failed remote={}", channel.channel().remoteAddress(), cause);
    if (cause instanceof DecoderException) {
      refuse(ProxyRefusal.MALFORMED);
    } else {
      refused = true;
      HangUp.now(channel);
    }
  }

  void refuse(ProxyRefusal reason) {
    if (!refused && ctx != null) {
      refused = true;
      close(ctx, listener, reason);
    }
  }

  static void close(
      ChannelHandlerContext channel, Consumer<ProxyRefusal> listener, ProxyRefusal reason) {
    log.debug(
        "proxy header refused remote={} reason={}",
        channel.channel().remoteAddress(),
        reason.label());
    listener.accept(reason);
    HangUp.now(channel);
  }
}
