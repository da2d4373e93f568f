package io.tidegate.gateway.wire;

import static java.lang.Integer.MAX_VALUE;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.gateway.limits.FrameLimits;
import io.tidegate.gateway.limits.Rate;
import io.tidegate.gateway.limits.TokenBucket;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.session.Connection;
import io.tidegate.gateway.session.ConnectionHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last handler of a connection's pipeline after the 101: bytes in, through {@link
 * FrameDecoder}, whole frames and the close handshake out (RFC 6455 sections 5.5.1 and 7). Confined
 * to the channel's event loop.
 *
 * <p>It takes the place of Vert.x's handlers, so that a connection keeps neither their queues nor
 * its upgrade request, and so that writing and flushing are two things.
 */
public final class WebSocketConnection extends ChannelInboundHandlerAdapter implements Connection {
  private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

  /** From our close frame to the end, whatever the peer does. */
  private static final long CLOSE_TIMEOUT_SECONDS = 5;

  /** Bytes that a peer may still send after our close frame, or one frame if that is more. */
  private static final int MOST_AFTER_CLOSE = 16 << 20;

  private static final int MOST_HEADER = 14;

  /** Bytes of TLS's own answers that may wait for a peer. */
  private static final int MOST_TLS_ANSWERS = 16 << 10;

  private static final String OFF_LOOP = "WebSocketConnection off its event loop";

  private enum State {
    OPEN,
    /** Our close frame is out; we read on until the peer's. */
    CLOSING,
    /** Nothing more is said or understood; we wait for the peer to end the TCP connection. */
    ENDING,
    CLOSED
  }

  private final WireLoop loop;
  private final Object client;
  private final int deflatable;
  private final FrameDecoder decoder;
  private @Nullable ConnectionHandler handler;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable TokenBucket controlFrames;
  private @Nullable ChannelFuture closeSent;
  private State state = State.OPEN;
  private boolean pongs;
  private int afterClose;

  /** What waited for the peer when we last wrote or flushed, less what it has read since. */
  private int ours;

  /**
   * A connection, to be handed to {@link Handshake#accept}.
   *
   * @param client whose it is; logs show its text
   * @param extensions what the 101 agrees to
   */
  public WebSocketConnection(WireLoop loop, Object client, Extensions extensions) {
    this.loop = loop;
    this.client = client;
    this.deflatable = extensions.deflatable();
    var limits = loop.limits();
    this.decoder =
        new FrameDecoder(
            limits.maxPayload(),
            limits.frames().fragmentsPerMessage(),
            deflatable > 0 ? loop.inflaters() : null,
            new Incoming());
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
  public void maxMessage(int bytes) {
    decoder.maxPayload(Math.min(bytes, loop.limits().maxPayload()));
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    try {
      if (message instanceof ByteBuf bytes) {
        countAfterClose(channel, bytes.readableBytes());
        decoder.decode(bytes);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    boundTlsAnswers(channel);
    if (pongs) {
      pongs = false;
      flush();
    }
  }

  /**
   * Cuts off a peer that has TLS answer it (RFC 8446 section 4.6.3) and reads no answer. Below us
   * nobody counts these: some engines write as many as they are asked for.
   */
  private void boundTlsAnswers(ChannelHandlerContext channel) {
    int waiting = pendingBytes();
    if (waiting - ours <= MOST_TLS_ANSWERS) {
      ours = Math.min(ours, waiting);
      return;
    }
    if (state == State.OPEN) {
      loop.metrics().slowConsumer("disconnect");
      tell(CloseCode.SLOW.label());
    }
    HangUp.cut(channel);
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    over();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext channel, Object event) {
    // The end of what the peer sends by TLS, which need not be the end of its TCP connection; or of
    // what we do, and then we wait for that.
    if (event instanceof SslCloseCompletionEvent && state != State.ENDING) {
      over();
      HangUp.close(channel);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    if (state == State.CLOSED) {
      return;
    }
    if (state == State.ENDING) {
      // A close now might overtake the close frame; the clock is running.
      log.debug("discarded remote={}", client, cause);
      return;
    }
    if (state == State.OPEN
        && !(cause instanceof IOException || cause.getCause() instanceof IOException)) {
      log.warn("connection failed remote={}", client, cause);
    }
    over();
    HangUp.close(channel);
  }

  @Override
  public void write(ByteBuf frames) {
    assert onLoop() : OFF_LOOP;
    ChannelHandlerContext channel = ctx;
    if (state != State.OPEN || channel == null) {
      frames.release();
      return;
    }
    queue(channel, frames);
  }

  @Override
  public int deflatable() {
    return deflatable;
  }

  @Override
  public void ping() {
    assert onLoop() : OFF_LOOP;
    if (state == State.OPEN && ctx != null) {
      queue(ctx, ControlFrames.ping(ctx.alloc()));
    }
  }

  @Override
  public void flush() {
    assert onLoop() : OFF_LOOP;
    if (ctx != null) {
      ctx.flush();
      ours = pendingBytes();
    }
  }

  @Override
  public int pendingBytes() {
    ChannelOutboundBuffer waiting = ctx == null ? null : ctx.channel().unsafe().outboundBuffer();
    return waiting == null ? 0 : (int) Math.min(waiting.totalPendingWriteBytes(), MAX_VALUE);
  }

  @Override
  public void close(int code, String reason) {
    assert onLoop() : OFF_LOOP;
    ChannelHandlerContext channel = ctx;
    if (state == State.OPEN && channel != null) {
      handler = null;
      try {
        sayClose(channel, ControlFrames.close(channel.alloc(), code, reason));
      } catch (OutOfMemoryError e) {
        log.error("no memory to say close remote={}", client, e);
        HangUp.cut(channel);
      }
    }
  }

  @Override
  public String remoteAddress() {
    return client.toString();
  }

  private boolean onLoop() {
    return ctx == null || ctx.executor().inEventLoop();
  }

  /** No listener per write: a failure comes as {@link #exceptionCaught}. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private void queue(ChannelHandlerContext channel, ByteBuf frames) {
    channel.write(frames, channel.voidPromise());
    ours = pendingBytes();
  }

  /** Closes for a fault of the peer that the session does not see; nothing more is read. */
  private void refuse(CloseCode code) {
    // What the handler has collected comes before the close frame.
    tell(code.label());
    close(code.code(), code.reason());
    hangUp();
  }

  private void over() {
    state = State.CLOSED;
    decoder.end();
    tell("lost");
  }

  private void tell(String reason) {
    ConnectionHandler receiver = handler;
    handler = null;
    if (receiver != null) {
      loop.context().dispatch(() -> receiver.closed(reason));
    }
  }

  private void sayClose(ChannelHandlerContext channel, ByteBuf frame) {
    state = State.CLOSING;
    closeSent = channel.writeAndFlush(frame);
    ours = pendingBytes();
    // A peer that reads nothing never gets the frame either, so the clock starts now.
    var cut =
        channel
            .executor()
            .schedule(() -> HangUp.cut(channel), CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    channel.channel().closeFuture().addListener(closed -> cut.cancel(false));
  }

  /** A peer that does not stop is not read for as long as the clock runs. */
  private void countAfterClose(ChannelHandlerContext channel, int bytes) {
    if (state != State.OPEN) {
      afterClose += bytes;
      int largestFrame = Inflation.maxCompressed(loop.limits().maxPayload()) + MOST_HEADER;
      if (afterClose > Math.max(MOST_AFTER_CLOSE, largestFrame)) {
        HangUp.cut(channel);
      }
    }
  }

  /** Both sides have said what they will. */
  private void hangUp() {
    state = State.ENDING;
    decoder.end();
    ChannelHandlerContext channel = ctx;
    if (closeSent != null && channel != null) {
      closeSent.addListener(
          sent -> {
            if (sent.isSuccess()) {
              HangUp.begin(channel);
            }
          });
    }
  }

  private final class Incoming implements FrameDecoder.Sink {
    @Override
    public void message(byte[] message, boolean text) {
      ConnectionHandler receiver = handler;
      if (receiver != null) {
        loop.context().dispatch(() -> receiver.message(message, text));
      }
    }

    @Override
    public void ping(byte[] payload) {
      ChannelHandlerContext channel = ctx;
      if (state != State.OPEN || channel == null || tooMany()) {
        return;
      }
      if (full()) {
        // The socket has not been offered yet what this pass has written.
        flush();
        if (full()) {
          loop.metrics().slowConsumer("disconnect");
          refuse(CloseCode.SLOW);
          return;
        }
      }
      pongs = true;
      queue(channel, ControlFrames.pong(channel.alloc(), payload));
    }

    private boolean full() {
      return pendingBytes() > loop.limits().queueBytes();
    }

    @Override
    public void pong(byte[] payload) {
      ConnectionHandler receiver = handler;
      if (receiver != null && !tooMany()) {
        loop.context().dispatch(receiver::pong);
      }
    }

    @Override
    public void closed(int code) {
      if (state == State.OPEN) {
        tell("client");
      }
      if (state == State.OPEN && ctx != null) {
        // Section 5.5.1: the answer usually repeats the code that was received.
        sayClose(ctx, ControlFrames.closeAnswer(ctx.alloc(), code));
      }
      hangUp();
    }

    @Override
    public void violated(CloseCode code, String problem) {
      log.debug("bad frame remote={} code={} problem={}", client, code.label(), problem);
      if (code == CloseCode.TOO_MANY_FRAGMENTS) {
        loop.metrics().limitHit("fragments_per_message");
      } else if (code == CloseCode.MESSAGE_TOO_BIG) {
        loop.metrics().limitHit("max_payload");
      }
      refuse(code);
    }

    /** Counts a control frame; whether it is one too many, and the connection refused. */
    private boolean tooMany() {
      int rate = loop.limits().frames().controlFramesPerSecond();
      if (rate == 0) {
        return false;
      }
      long now = loop.nanoTime().getAsLong();
      TokenBucket bucket = controlFrames;
      if (bucket == null) {
        bucket = new TokenBucket(Rate.burstOf(FrameLimits.BURST_SECONDS, rate), now);
        controlFrames = bucket;
      }
      if (bucket.tryTake(1, now)) {
        return false;
      }
      loop.metrics().limitHit("control_frames_per_second");
      refuse(CloseCode.TOO_MANY_REQUESTS);
      return true;
    }
  }
}
