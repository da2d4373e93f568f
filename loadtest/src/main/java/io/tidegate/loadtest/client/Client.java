package io.tidegate.loadtest.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.tidegate.loadtest.measure.Ledger;
import io.tidegate.loadtest.measure.Tally;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client: connects, subscribes, publishes when told to, counts what arrives. Confined to its
 * event loop, except for the methods that say otherwise.
 */
public final class Client extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final int NORMAL_CLOSURE = 1000;
  private static final int SCRATCH_BYTES = 1024;

  private final Errand errand;
  private final RunClock clock;
  private final Tally tally;
  private final PushScanner scanner;
  private final Ledger ledger;
  private final CompletableFuture<Ready> ready = new CompletableFuture<>();
  private final CompletableFuture<String> gone = new CompletableFuture<>();
  private byte[] scratch = new byte[SCRATCH_BYTES];
  private @Nullable ChannelHandlerContext context;
  private long upgradedNanos;
  private long connectedNanos;
  private boolean pong;
  private int pingSeconds;
  private int publishId = Messages.FIRST_PUBLISH_ID;
  private @Nullable CompletableFuture<Void> publishing;

  /**
   * A client that has connected, and has subscribed if it was to.
   *
   * @param upgradedNanos when the 101 was read
   * @param connectedNanos when the reply to connect was read
   * @param positioned whether the subscription has offsets
   */
  public record Ready(
      long upgradedNanos, long connectedNanos, boolean positioned, int pingSeconds) {}

  Client(Errand errand, RunClock clock, Tally tally) {
    this.errand = errand;
    this.clock = clock;
    this.tally = tally;
    scanner = new PushScanner(clock.payloadBytes());
    ledger = errand.ledger();
  }

  /** Whether it was told to subscribe. From any thread. */
  public boolean subscribes() {
    return errand.channel() != null;
  }

  /** Completes once this client is of use, or with why it is not. From any thread. */
  public CompletableFuture<Ready> ready() {
    return ready;
  }

  /** Completes with the reason when the connection or subscription is over. From any thread. */
  public CompletableFuture<String> gone() {
    return gone;
  }

  /** What arrived. Read when the event loop has stopped. */
  public Ledger ledger() {
    return ledger;
  }

  /**
   * Publishes to its own channel or another; one at a time. Completes when answered. Any thread.
   */
  public CompletableFuture<Void> publish(String channel, String data) {
    var answer = new CompletableFuture<Void>();
    ChannelHandlerContext to = context;
    if (to == null) {
      return CompletableFuture.failedFuture(new ClientException("not connected"));
    }
    to.executor()
        .execute(
            () -> {
              if (gone.isDone()) {
                answer.completeExceptionally(new ClientException("connection lost"));
                return;
              }
              publishing = answer;
              send(to, Messages.publish(++publishId, channel, data));
            });
    return answer;
  }

  /** Closes with a close frame, which the server answers. From any thread. */
  public void close() {
    ChannelHandlerContext at = context;
    if (at != null) {
      at.executor().execute(() -> write(at, new CloseWebSocketFrame(NORMAL_CLOSURE, "")));
    }
  }

  /** Drops the connection where it is. From any thread. */
  public void drop(String reason) {
    over(reason);
    ChannelHandlerContext at = context;
    if (at != null) {
      at.close().addListener(closed -> over(reason));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext at, Object event) {
    if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
      upgradedNanos = System.nanoTime();
      send(at, Messages.connect(errand.token()));
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext at, WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      over(("closed " + close.statusCode() + " " + close.reasonText()).strip());
      at.close().addListener(closed -> over("connection closed"));
    } else {
      messages(at, frame.content());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext at) {
    over("connection lost");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
    drop(ClientException.kind(cause));
  }

  private void messages(ChannelHandlerContext at, ByteBuf content) {
    int length = content.readableBytes();
    if (scratch.length < length) {
      scratch = new byte[Math.max(length, scratch.length * 2)];
    }
    content.readBytes(scratch, 0, length);
    tally.bytes(length);
    scanner.reset(scratch, length);
    long now = System.nanoTime();
    while (scanner.nextLine()) {
      if (scanner.isPublication()) {
        publication(now);
      } else if (scanner.isPing()) {
        tally.ping();
        if (pong) {
          send(at, "{}");
        }
      } else {
        answer(at, Messages.read(scanner.line()), now);
      }
    }
  }

  private void publication(long now) {
    int publisher = scanner.publisher();
    if (scanner.run() != clock.run()) {
      tally.foreign();
    } else if (scanner.channel() != errand.channelNumber() || publisher >= errand.publishers()) {
      tally.misdelivered();
    } else if (ledger.enter(publisher, scanner.number(), scanner.offset())) {
      tally.delivery();
      long due = scanner.dueNanos();
      if (clock.measured(due)) {
        tally.latency(now - clock.startNanos() - due);
      }
    }
  }

  private void answer(ChannelHandlerContext at, Messages.Answer answer, long now) {
    if (answer.ended() != null) {
      drop(answer.ended());
    } else if (answer.id() == Messages.CONNECT_ID) {
      connected(at, answer, now);
    } else if (answer.id() == Messages.SUBSCRIBE_ID) {
      subscribed(answer);
    } else if (answer.id() == publishId && publishing != null) {
      CompletableFuture<Void> answered = publishing;
      publishing = null;
      if (answer.error() == null) {
        answered.complete(null);
      } else {
        answered.completeExceptionally(new ClientException("publish: " + answer.error()));
      }
    }
  }

  private void connected(ChannelHandlerContext at, Messages.Answer answer, long now) {
    if (answer.error() != null) {
      drop("connect: " + answer.error());
      return;
    }
    pong = answer.body().path("connect").path("pong").asBoolean();
    pingSeconds = answer.body().path("connect").path("ping").asInt();
    connectedNanos = now;
    if (errand.channel() == null) {
      ready.complete(new Ready(upgradedNanos, now, false, pingSeconds));
    } else {
      send(at, Messages.subscribe(errand.channel()));
    }
  }

  private void subscribed(Messages.Answer answer) {
    if (answer.error() != null) {
      drop("subscribe: " + answer.error());
      return;
    }
    boolean positioned = answer.body().path("subscribe").path("positioned").asBoolean();
    ready.complete(new Ready(upgradedNanos, connectedNanos, positioned, pingSeconds));
  }

  private void send(ChannelHandlerContext at, String message) {
    write(at, new TextWebSocketFrame(message));
  }

  private void write(ChannelHandlerContext at, WebSocketFrame frame) {
    at.writeAndFlush(frame)
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                drop(ClientException.kind(written.cause()));
              }
            });
  }

  private void over(String reason) {
    ready.completeExceptionally(new ClientException(reason));
    gone.complete(reason);
    CompletableFuture<Void> unanswered = publishing;
    if (unanswered != null) {
      unanswered.completeExceptionally(new ClientException("connection lost"));
    }
  }
}
