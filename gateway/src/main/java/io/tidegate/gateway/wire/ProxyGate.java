package io.tidegate.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of an accepted connection: tells by the first dozen bytes whether it begins
 * with a PROXY header, and by the peer whether it may. Confined to the channel's event loop; gone
 * once that is known.
 */
final class ProxyGate extends ByteToMessageDecoder {
  /** Of a header of version 2, besides addresses; HAProxy and cloud balancers send some hundred. */
  private static final int MAX_TLV_BYTES = 2048;

  private final ProxyRules rules;
  private @Nullable TrustedHeader expected;
  private boolean refused;

  ProxyGate(ProxyRules rules) {
    this.rules = rules;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.fireChannelActive();
    ChannelPipeline pipeline = ctx.pipeline();
    // It has no bound of its own.
    pipeline.remove(HAProxyMessageDecoder.class);
    if (isTrusted(ctx)) {
      expected = new TrustedHeader(rules.refused());
      pipeline.addAfter(ctx.name(), null, expected);
    } else {
      ctx.fireChannelRead(TrustedHeader.none());
    }
  }

  private boolean isTrusted(ChannelHandlerContext ctx) {
    InetAddress peer =
        ctx.channel().remoteAddress() instanceof InetSocketAddress address
            ? address.getAddress()
            : null;
    return peer != null && rules.trusted().test(peer);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (refused) {
      in.skipBytes(in.readableBytes());
      return;
    }
    switch (HAProxyMessageDecoder.detectProtocol(in).state()) {
      case DETECTED -> detected(ctx);
      case INVALID -> invalid(ctx);
      default -> {}
    }
  }

  private void detected(ChannelHandlerContext ctx) {
    if (expected == null) {
      refuse(ctx, ProxyRefusal.STRANGER);
    } else {
      // What was read goes to the decoder with this handler's end.
      ctx.pipeline().addAfter(ctx.name(), null, new HAProxyMessageDecoder(MAX_TLV_BYTES));
      ctx.pipeline().remove(this);
    }
  }

  private void invalid(ChannelHandlerContext ctx) {
    if (expected == null) {
      ctx.pipeline().remove(this);
    } else {
      refuse(ctx, ProxyRefusal.MISSING);
    }
  }

  private void refuse(ChannelHandlerContext ctx, ProxyRefusal reason) {
    refused = true;
    if (expected != null) {
      expected.refuse(reason);
    } else {
      TrustedHeader.close(ctx, rules.refused(), reason);
    }
  }
}
