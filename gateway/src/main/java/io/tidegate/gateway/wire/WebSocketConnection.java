package io.tidegate.gateway.wire;

import static java.lang.Integer.MAX_VALUE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.session.Connection;
import io.tidegate.gateway.session.ConnectionHandler;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last handler of a connection's pipeline after the 101: complete WebSocket messages in, frames
 * and the close handshake out (RFC 6455 sections 5.5.1 and 7). Confined to the channel's event
 * loop.
 *
 * <p>It takes the place of Vert.x's handler, so that a connection keeps neither its queues nor its
 * upgrade request, and so that writing and flushing are two things.
 */
final class WebSocketConnection extends ChannelInboundHandlerAdapter implements Connection {
  private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

  private static final long CLOSE_TIMEOUT_SECONDS = 5;

  private enum State {
    OPEN,
    /** Our close frame is out; we wait for the peer's. */
    CLOSING,
    CLOSED
  }

  private final ContextInternal context;
  private final String client;
  private final int maxPending;
  private @Nullable ConnectionHandler handler;
  private @Nullable ChannelHandlerContext ctx;
  private State state = State.OPEN;
  private boolean pongs;

  WebSocketConnection(ContextInternal context, String client, int maxPending) {
    this.context = context;
    this.client = client;
    this.maxPending = maxPending;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
  }

  @Override
  public void handler(ConnectionHandler handler) {
    this.handler = handler;
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    try {
      if (message instanceof WebSocketFrame frame) {
        receive(channel, frame);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    if (pongs) {
      pongs = false;
      channel.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    over("lost");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    if (state != State.OPEN) {
      cut(channel);
    } else if (cause instanceof CorruptedWebSocketFrameException e) {
      refuse(closeCode(e.closeStatus().code()));
    } else if (cause instanceof TooLongFrameException) {
      refuse(CloseCode.MESSAGE_TOO_BIG);
    } else if (cause instanceof CorruptedFrameException) {
      refuse(CloseCode.PROTOCOL_ERROR);
    } else {
      if (!(cause instanceof IOException)) {
        log.warn("connection failed remote={}", remoteAddress(), cause);
      }
      over("lost");
      cut(channel);
    }
  }

  @Override
  public void write(ByteBuf frames) {
    ChannelHandlerContext channel = ctx;
    if (state != State.OPEN || channel == null) {
      frames.release();
      return;
    }
    queue(channel, frames);
  }

  @Override
  public int deflatable() {
    return 0;
  }

  @Override
  public void flush() {
    if (ctx != null) {
      ctx.flush();
    }
  }

  @Override
  public int pendingBytes() {
    ChannelOutboundBuffer waiting = ctx == null ? null : ctx.channel().unsafe().outboundBuffer();
    return waiting == null ? 0 : (int) Math.min(waiting.totalPendingWriteBytes(), MAX_VALUE);
  }

  @Override
  public void close(int code, String reason) {
    ChannelHandlerContext channel = ctx;
    if (state != State.OPEN || channel == null) {
      return;
    }
    state = State.CLOSING;
    handler = null;
    ChannelFuture sent = channel.writeAndFlush(closeFrame(channel, code, reason));
    cutLater(channel);
    sent.addListener(
        done -> {
          if (!done.isSuccess()) {
            cut(channel);
          }
        });
  }

  @Override
  public String remoteAddress() {
    return client;
  }

  private void receive(ChannelHandlerContext channel, WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      receiveClose(channel, close);
    } else if (state != State.OPEN) {
      return;
    } else if (frame instanceof PingWebSocketFrame) {
      if (pendingBytes() > maxPending) {
        refuse(CloseCode.SLOW);
        return;
      }
      pongs = true;
      queue(channel, new PongWebSocketFrame(frame.content().retain()));
    } else if (!(frame instanceof PongWebSocketFrame)) {
      ConnectionHandler receiver = handler;
      if (receiver != null) {
        byte[] message = ByteBufUtil.getBytes(frame.content());
        boolean text = frame instanceof TextWebSocketFrame;
        context.dispatch(() -> receiver.message(message, text));
      }
    }
  }

  private void receiveClose(ChannelHandlerContext channel, CloseWebSocketFrame close) {
    if (state == State.OPEN) {
      state = State.CLOSING;
      // Section 5.5.1: the answer usually repeats the code that was received.
      int code = close.statusCode();
      cutLater(channel);
      channel
          .writeAndFlush(closeFrame(channel, code < 0 ? CloseCode.NORMAL.code() : code, ""))
          .addListener(sent -> cut(channel));
      tell("client");
    } else {
      cut(channel);
    }
  }

  /** No listener per write: a failure comes as {@link #exceptionCaught}. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void queue(ChannelHandlerContext channel, Object frame) {
    channel.write(frame, channel.voidPromise());
  }

  /** Closes for a fault of the peer that the session does not see. */
  private void refuse(CloseCode code) {
    ConnectionHandler receiver = handler;
    close(code.code(), code.reason());
    if (receiver != null) {
      context.dispatch(() -> receiver.closed(code.label()));
    }
  }

  private void over(String reason) {
    state = State.CLOSED;
    tell(reason);
  }

  private void tell(String reason) {
    ConnectionHandler receiver = handler;
    handler = null;
    if (receiver != null) {
      context.dispatch(() -> receiver.closed(reason));
    }
  }

  /** A peer that reads nothing never gets the close frame either, so the clock starts now. */
  private static void cutLater(ChannelHandlerContext channel) {
    var cut =
        channel.executor().schedule(() -> cut(channel), CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    channel.channel().closeFuture().addListener(closed -> cut.cancel(false));
  }

  private static void cut(ChannelHandlerContext channel) {
    channel
        .close()
        .addListener(
            closed -> {
              if (!closed.isSuccess()) {
                log.debug("close failed", closed.cause());
              }
            });
  }

  private static CloseWebSocketFrame closeFrame(
      ChannelHandlerContext channel, int code, String reason) {
    // Section 5.5: a control frame's payload is at most 125 bytes, two of which are the code.
    ByteBuf text = ByteBufUtil.writeUtf8(channel.alloc(), CloseReasons.fit(reason));
    ByteBuf payload = channel.alloc().buffer(2 + text.readableBytes()).writeShort(code);
    payload.writeBytes(text);
    text.release();
    return new CloseWebSocketFrame(true, 0, payload);
  }

  private static CloseCode closeCode(int code) {
    return switch (code) {
      case 1007 -> CloseCode.INVALID_DATA;
      case 1009 -> CloseCode.MESSAGE_TOO_BIG;
      default -> CloseCode.PROTOCOL_ERROR;
    };
  }
}
