package io.tidegate.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;
import io.tidegate.gateway.session.Connection;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/**
 * From Vert.x, which did TLS, HTTP and the upgrade, to our own end of the pipeline. Confined to the
 * channel's event loop, in this order: {@link #prepare} before the 101, {@link #take} right after
 * it, {@link #begin} once somebody listens; or {@link #abandon}.
 *
 * <p>A client may send frames before it has seen the 101, even in one segment with its request.
 * Their bytes are held here meanwhile, so that each arrives once.
 */
public final class Handover {
  private final ChannelPipeline pipeline;
  private final EarlyBytes early = new EarlyBytes();

  private Handover(ChannelHandlerContext vertx) {
    this.pipeline = vertx.pipeline();
    ChannelHandlerContext http = pipeline.context(HttpRequestDecoder.class);
    pipeline.addAfter(http.name(), EarlyBytes.NAME, early);
    // The handshake looks for one, and this one never sees a byte.
    pipeline.addAfter(EarlyBytes.NAME, null, new HttpRequestDecoder());
    // What the decoder has not read goes to the next handler with its end.
    pipeline.remove(http.handler());
  }

  /**
   * Starts to hold what comes behind the request.
   *
   * @param vertx Vert.x's handler of the HTTP connection
   */
  public static Handover prepare(ChannelHandlerContext vertx) {
    return new Handover(vertx);
  }

  /**
   * Takes the channel over. The pipeline is then TLS and the connection.
   *
   * @param client whose connection it is, for logs
   * @param extensions what the 101 agreed to
   * @param closed told once when the channel has closed, on its event loop
   */
  public Connection take(WireLoop loop, String client, Extensions extensions, Runnable closed) {
    pipeline.channel().closeFuture().addListener(gone -> closed.run());
    for (Map.Entry<String, ChannelHandler> entry : pipeline) {
      ChannelHandler handler = entry.getValue();
      // The encoder goes by itself once it has written the 101.
      boolean stays =
          handler instanceof SslHandler
              || handler instanceof HttpResponseEncoder
              || handler == early;
      if (!stays) {
        pipeline.remove(handler);
      }
    }
    var connection = new WebSocketConnection(loop, client, extensions);
    pipeline.addLast(connection);
    return connection;
  }

  /** Delivers what was held, and reads on. */
  public void begin() {
    removeEarly();
    pipeline.channel().config().setAutoRead(true);
  }

  /** The upgrade failed: what was held is dropped. */
  public void abandon() {
    early.drop();
    removeEarly();
  }

  /** A channel that has closed meanwhile has taken its pipeline apart by itself. */
  private void removeEarly() {
    if (pipeline.context(early) != null) {
      pipeline.remove(early);
    }
  }

  private static final class EarlyBytes extends ChannelInboundHandlerAdapter {
    static final String NAME = "early";

    // Bounded by what one read of the socket holds: it is read no more before begin().
    private final Queue<ByteBuf> held = new ArrayDeque<>(0);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof ByteBuf bytes) {
        held.add(bytes);
      } else {
        ctx.fireChannelRead(message);
      }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      for (ByteBuf b = held.poll(); b != null; b = held.poll()) {
        ctx.fireChannelRead(b);
      }
      ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      drop();
      ctx.fireChannelInactive();
    }

    private void drop() {
      held.forEach(ByteBuf::release);
      held.clear();
    }
  }
}
