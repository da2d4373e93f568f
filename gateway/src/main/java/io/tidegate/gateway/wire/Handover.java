package io.tidegate.gateway.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.gateway.session.Connection;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * From Vert.x, which did TLS, HTTP and the upgrade, to our own end of the pipeline. Confined to the
 * channel's event loop, in this order: {@link #prepare} before the 101, {@link #take} right after
 * it, {@link #begin} once somebody listens; or {@link #abandon}.
 *
 * <p>A client may send frames before it has seen the 101, even in one segment with its request.
 * They are held here meanwhile, so that each arrives once.
 */
public final class Handover {
  private final ChannelPipeline pipeline;
  private final EarlyFrames early = new EarlyFrames();

  private Handover(ChannelHandlerContext vertx) {
    this.pipeline = vertx.pipeline();
    pipeline.addBefore(vertx.name(), null, early);
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
   * Takes the channel over. From the socket up the pipeline is then: TLS, frame codec, UTF-8
   * validation (1007), aggregation up to {@code maxPayload} bytes (1009), the connection.
   *
   * @param vertx Vert.x's handler of the WebSocket, which goes
   * @param client whose connection it is, for logs
   * @param maxPending bytes waiting at which a peer that only pings is closed
   * @param closed told once when the channel has closed, on its event loop
   */
  public Connection take(
      ChannelHandlerContext vertx,
      ContextInternal context,
      String client,
      int maxPayload,
      int maxPending,
      Runnable closed) {
    pipeline.channel().closeFuture().addListener(gone -> closed.run());
    var connection = new WebSocketConnection(context, client, maxPending);
    pipeline.addLast(new Utf8FrameValidator(false));
    pipeline.addLast(new WebSocketFrameAggregator(maxPayload));
    pipeline.addLast(connection);
    pipeline.remove(vertx.handler());
    if (pipeline.get(IdleStateHandler.class) != null) {
      // It watched over the request; from here on there are heartbeats.
      pipeline.remove(IdleStateHandler.class);
    }
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

  private static final class EarlyFrames extends ChannelInboundHandlerAdapter {
    // Bounded by what one read of the socket holds: the frame decoder is fed no more before
    // begin().
    private final Queue<WebSocketFrame> held = new ArrayDeque<>(0);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof WebSocketFrame frame) {
        held.add(frame);
      } else {
        ctx.fireChannelRead(message);
      }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      for (WebSocketFrame f = held.poll(); f != null; f = held.poll()) {
        ctx.fireChannelRead(f);
      }
      ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      drop();
      ctx.fireChannelInactive();
    }

    private void drop() {
      held.forEach(ReferenceCountUtil::release);
      held.clear();
    }
  }
}
