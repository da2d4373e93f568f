package io.tidegate.gateway.wire;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.session.Connection;
import io.vertx.core.net.impl.VertxConnection;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The opening handshake of one socket (RFC 6455 section 4), between TLS and Vert.x's HTTP: lets the
 * head of one request pass, holds whatever follows it, and ends in an answer after which the socket
 * closes, or in a {@link Connection}. Confined to the channel's event loop.
 *
 * <p>A socket carries one request and no second one. So no byte behind the head is ever taken for
 * HTTP: a client may send frames before it has seen the 101, in the segment of its request or while
 * its token is still being checked, and each arrives once. Reading stops where more than {@value
 * #MOST_HELD} bytes are held.
 */
public final class Handshake extends ChannelInboundHandlerAdapter {
  /** Why a handshake needs an answer, though no request reached the HTTP server. */
  public enum Fault {
    LINE_TOO_LONG,
    FIELDS_TOO_LONG,
    /** The deadline came in the middle of the head. */
    LATE_REQUEST,
    /** The deadline came while the request was being answered. */
    LATE_ANSWER
  }

  /** Answers what the HTTP server does not see. Called on the event loop. */
  @FunctionalInterface
  public interface FaultHandler {
    void faulty(Handshake handshake, Fault fault);
  }

  /** Bytes of the request line; above it the answer is 414. */
  public static final int MAX_LINE = 16 << 10;

  /** Bytes of all header fields; above it the answer is 431. */
  public static final int MAX_FIELDS = 32 << 10;

  private static final Logger log = LoggerFactory.getLogger(Handshake.class);

  private static final int MOST_HELD = 16 << 10;

  private static final String OFF_LOOP = "Handshake off its event loop";

  private enum State {
    SILENT,
    HEAD,
    /** The head is with the HTTP server. */
    ASKED,
    ANSWERED
  }

  private final FaultHandler faults;
  private final Door door;
  private final HeadScanner scanner = new HeadScanner(MAX_LINE, MAX_FIELDS);
  private State state = State.SILENT;
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable ByteBuf held;

  private Handshake(FaultHandler faults, Door door) {
    this.faults = faults;
    this.door = door;
  }

  /**
   * Begins the handshake of a connection of a {@link PublicPort}; to be called before Vert.x reads
   * from it.
   */
  public static Handshake begin(VertxConnection http, FaultHandler faults) {
    ChannelPipeline pipeline = http.channel().pipeline();
    var handshake = new Handshake(faults, requireNonNull(pipeline.get(Door.class), "door"));
    pipeline.addBefore("httpDecoder", null, handshake);
    return handshake;
  }

  /** Whether nobody has answered yet, and somebody is there who waits for it. */
  public boolean isPending() {
    return state != State.ANSWERED;
  }

  /**
   * Answers, and closes once the client has had time to read it, even where it is still sending.
   * Without effect where the handshake is over.
   */
  public void refuse(HttpAnswer answer) {
    assert onLoop() : OFF_LOOP;
    ChannelHandlerContext channel = ctx;
    if (state == State.ANSWERED || channel == null) {
      return;
    }
    answered();
    channel.writeAndFlush(answer.encode(channel.alloc())).addListener(sent -> HangUp.now(channel));
  }

  /** The HTTP server answers by itself, and then closes. */
  public void answered() {
    state = State.ANSWERED;
    door.answered();
    drop();
  }

  /**
   * Answers with a 101 and makes the channel that of {@code connection}: from the socket up its
   * pipeline is then TLS, if any, and the connection. Vert.x forgets the channel but for closing it
   * when the server closes.
   *
   * @param ready called once the connection can be written to; what the client has sent already
   *     arrives after it. If it throws, the connection closes with 3004
   * @param closed told once when the channel has closed, on its event loop
   * @return false, and nothing was done, where the handshake is over
   */
  public boolean accept(
      HttpAnswer answer,
      WebSocketConnection connection,
      Consumer<Connection> ready,
      Runnable closed) {
    assert onLoop() : OFF_LOOP;
    ChannelHandlerContext channel = ctx;
    if (state == State.ANSWERED || channel == null || !channel.channel().isActive()) {
      return false;
    }
    state = State.ANSWERED;
    channel.channel().closeFuture().addListener(gone -> closed.run());
    channel
        .write(answer.encode(channel.alloc()))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    ChannelPipeline pipeline = channel.pipeline();
    for (Map.Entry<String, ChannelHandler> each : pipeline) {
      if (each.getValue() != this && !(each.getValue() instanceof SslHandler)) {
        pipeline.remove(each.getValue());
      }
    }
    pipeline.addLast(connection);
    begin(connection, ready);
    deliver(channel);
    return true;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    state = State.ANSWERED;
    drop();
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    if (!(message instanceof ByteBuf bytes) || state == State.ANSWERED) {
      ReferenceCountUtil.release(message);
    } else if (state == State.ASKED) {
      hold(channel, bytes);
    } else {
      readHead(channel, bytes);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    // Before the decoder behind tells of a request that was cut off: there is nobody to answer.
    state = State.ANSWERED;
    drop();
    channel.fireChannelInactive();
  }

  /** The deadline has come; false where the client has said nothing that could be answered. */
  boolean expire() {
    if (state == State.HEAD) {
      faults.faulty(this, Fault.LATE_REQUEST);
    } else if (state == State.ASKED) {
      faults.faulty(this, Fault.LATE_ANSWER);
    }
    return state != State.SILENT;
  }

  private void readHead(ChannelHandlerContext channel, ByteBuf bytes) {
    state = State.HEAD;
    switch (scanner.scan(bytes)) {
      case OPEN -> channel.fireChannelRead(bytes);
      case COMPLETE -> {
        state = State.ASKED;
        int head = scanner.headBytes(bytes);
        if (head == bytes.readableBytes()) {
          channel.fireChannelRead(bytes);
        } else {
          ByteBuf request = bytes.readRetainedSlice(head);
          hold(channel, bytes);
          channel.fireChannelRead(request);
        }
      }
      case LINE_TOO_LONG -> {
        bytes.release();
        faults.faulty(this, Fault.LINE_TOO_LONG);
      }
      case FIELDS_TOO_LONG -> {
        bytes.release();
        faults.faulty(this, Fault.FIELDS_TOO_LONG);
      }
    }
  }

  private void hold(ChannelHandlerContext channel, ByteBuf bytes) {
    ByteBuf all =
        held == null
            ? bytes
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), held, bytes);
    held = all;
    if (all.readableBytes() > MOST_HELD) {
      channel.channel().config().setAutoRead(false);
    }
  }

  /** No deadline watches the socket any more, so whoever takes it over must not leave it alone. */
  private static void begin(WebSocketConnection connection, Consumer<Connection> ready) {
    try {
      ready.accept(connection);
    } catch (RuntimeException | OutOfMemoryError e) {
      log.error("connection not begun remote={}", connection.remoteAddress(), e);
      connection.close(CloseCode.SERVER_ERROR.code(), CloseCode.SERVER_ERROR.reason());
    }
  }

  private void deliver(ChannelHandlerContext channel) {
    ByteBuf early = held;
    held = null;
    if (early != null) {
      channel.fireChannelRead(early);
      channel.fireChannelReadComplete();
      channel.channel().config().setAutoRead(true);
    }
    channel.flush();
    if (!channel.isRemoved()) {
      channel.pipeline().remove(this);
    }
  }

  private boolean onLoop() {
    return ctx == null || ctx.executor().inEventLoop();
  }

  private void drop() {
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
