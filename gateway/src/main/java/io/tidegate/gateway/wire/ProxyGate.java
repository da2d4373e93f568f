package io.tidegate.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.tidegate.gateway.wire.ProxyProtocol.Rules;
import io.vertx.core.net.impl.HAProxyMessageCompletionHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of an accepted connection: tells by the first dozen bytes whether it begins
 * with a PROXY header, and by the peer whether it may. Confined to the channel's event loop; gone
 * once that is known.
 */
final class ProxyGate extends ByteToMessageDecoder {
  /** Of a header of version 2, besides addresses; HAProxy and cloud balancers send some hundred. */
  private static final int MAX_TLV_BYTES = 2048;

  private final Supplier<Rules> supplier;
  private @Nullable Rules rules;
  private @Nullable TrustedHeader expected;
  private boolean refused;

  ProxyGate(Supplier<Rules> supplier) {
    this.supplier = supplier;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.fireChannelActive();
    ChannelPipeline pipeline = ctx.pipeline();
    if (pipeline.get(HAProxyMessageCompletionHandler.class) == null) {
      // Another server's port, where no headers are expected.
      pipeline.remove(this);
      return;
    }
    // It has no bound of its own.
    pipeline.remove(HAProxyMessageDecoder.class);
    Rules now = supplier.get();
    rules = now;
    if (isTrusted(ctx, now)) {
      expected = new TrustedHeader(now.refused());
      pipeline.addAfter(ctx.name(), null, expected);
    } else {
      // From here on Vert.x watches over time, as it does on a port without headers.
      ctx.fireChannelRead(TrustedHeader.none());
    }
  }

  private static boolean isTrusted(ChannelHandlerContext ctx, Rules rules) {
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
    } else if (rules != null) {
      TrustedHeader.close(ctx, rules.refused(), reason);
    }
  }
}
