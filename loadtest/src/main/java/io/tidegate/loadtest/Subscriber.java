package io.tidegate.loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One client: connects, subscribes, counts what arrives. Confined to its event loop. */
final class Subscriber extends SimpleChannelInboundHandler<WebSocketFrame> {
  private final Greeting greeting;
  private final LoopCount count;
  private final PushScanner scanner;
  private final Ledger ledger = new Ledger();
  private final CompletableFuture<Boolean> subscribed = new CompletableFuture<>();
  private byte[] scratch = new byte[4096];
  private volatile @Nullable String lost;

  Subscriber(Greeting greeting, LoopCount count, int dataBytes) {
    this.greeting = greeting;
    this.count = count;
    this.scanner = new PushScanner(dataBytes);
  }

  /** Completes with whether the subscription has offsets, once it stands. */
  CompletableFuture<Boolean> subscribed() {
    return subscribed;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Why the connection broke, if it did; may be asked from anywhere. */
  Optional<String> lost() {
    return Optional.ofNullable(lost);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
      send(context, greeting.connect());
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      lost("closed by the server: " + close.statusCode() + " " + close.reasonText());
    } else {
      messages(context, frame.content());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    lost("connection lost");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    lost(cause.toString());
    context.close().addListener(closed -> lost("connection closed"));
  }

  private void messages(ChannelHandlerContext context, ByteBuf content) {
    int length = content.readableBytes();
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, scratch.length * 2)];
    }
    content.readBytes(scratch, 0, length);
    count.bytes(length);
    scanner.reset(scratch, length);
    long now = System.nanoTime();
    while (scanner.nextLine()) {
      if (scanner.isPublication()) {
        long number = scanner.number();
        if (ledger.enter(number, scanner.offset())) {
          count.publication(number, now);
        }
      } else if (scanner.isPing()) {
        send(context, "{}");
      } else if (!subscribed.isDone()) {
        reply(context, scanner.line());
      } else {
        greeting.endedBy(scanner.line()).ifPresent(this::lost);
      }
    }
  }

  private void reply(ChannelHandlerContext context, String line) {
    Greeting.Answer answer = greeting.read(line);
    if (answer.failure() != null) {
      subscribed.completeExceptionally(new LoadTestException(answer.failure()));
    } else if (answer.connected()) {
      send(context, greeting.subscribe());
    } else if (answer.subscribed()) {
      subscribed.complete(answer.positioned());
    }
  }

  private static void send(ChannelHandlerContext context, String message) {
    context
        .writeAndFlush(new TextWebSocketFrame(message))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  private void lost(String reason) {
    if (lost == null) {
      lost = reason;
    }
    subscribed.completeExceptionally(new LoadTestException(reason));
  }
}
