package io.tidegate.gateway.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a socket until its 101: one deadline over PROXY header, TLS handshake,
 * request and answer together, and an end at which an answer still arrives. Confined to the
 * channel's event loop, but for {@link #left}.
 *
 * <p>A socket that is closed while bytes of the peer wait unread is reset by the kernel, and the
 * reset makes the peer forget what it had not read either: our answer. So after an answer only our
 * direction is closed, and what the peer still sends is thrown away for a while.
 */
final class Door extends ChannelDuplexHandler {
  private static final long LINGER_SECONDS = 2;

  private final Doorkeeper keeper;
  private final @Nullable InetAddress peer;
  private final long timeoutMillis;
  private final AtomicBoolean left = new AtomicBoolean();
  private final ChannelFutureListener unregistered = closed -> left();
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable ScheduledFuture<?> timer;
  private boolean answered;
  private boolean lingering;

  /**
   * Makes a door for a socket that {@code keeper} has admitted.
   *
   * @param timeout from now to the 101
   */
  Door(Doorkeeper keeper, @Nullable InetAddress peer, Duration timeout) {
    this.keeper = keeper;
    this.peer = peer;
    this.timeoutMillis = timeout.toMillis();
  }

  /** Stands before a socket that no event loop has yet, and that one may not take. */
  void guard(Channel accepted) {
    accepted.pipeline().addLast(this);
    accepted.closeFuture().addListener(unregistered);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    ctx = added;
    // From now on the removal is certain; a listener would stay for as long as the connection.
    added.channel().closeFuture().removeListener(unregistered);
    timer = added.executor().schedule(this::expire, timeoutMillis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    stopTimer();
    left();
  }

  /** The socket is here no more, which counts once. Thread-safe. */
  void left() {
    if (left.compareAndSet(false, true)) {
      keeper.left(peer);
    }
  }

  /** An answer is on its way that the peer is to get even where it is still sending. */
  void answered() {
    answered = true;
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
    } else {
      channel.fireChannelRead(message);
    }
  }

  /** Comes here once all that was written has gone to the kernel, TLS's last word included. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // It is the promise.
  public void close(ChannelHandlerContext channel, ChannelPromise promise) {
    boolean linger = answered && !lingering && channel.channel().isActive();
    if (linger && channel.channel() instanceof DuplexChannel socket) {
      lingering = true;
      cutLater(channel);
      socket.closeFuture().addListener(closed -> promise.trySuccess());
      socket.config().setAutoRead(true);
      socket
          .shutdownOutput()
          .addListener(
              shut -> {
                if (!shut.isSuccess()) {
                  HangUp.now(channel);
                }
              });
    } else {
      channel.close(promise);
    }
  }

  private void expire() {
    ChannelHandlerContext channel = ctx;
    if (channel == null) {
      return;
    }
    // Whatever is answered now, a peer that reads nothing will not get it.
    cutLater(channel);
    Handshake handshake = channel.pipeline().get(Handshake.class);
    if (answered) {
      HangUp.now(channel);
    } else if (handshake == null || !handshake.expire()) {
      keeper.late();
      HangUp.now(channel);
    }
  }

  private void cutLater(ChannelHandlerContext channel) {
    stopTimer();
    timer =
        channel.executor().schedule(() -> HangUp.now(channel), LINGER_SECONDS, TimeUnit.SECONDS);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
