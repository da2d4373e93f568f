package io.tidegate.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.net.TcpConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each socket that is let in is counted out once, whether or not an event loop takes it. */
final class PublicPortTest {
  private final Counts counts = new Counts();
  private final EventLoopGroup accepting =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterEach
  void stop() throws Exception {
    end(accepting);
  }

  @Test
  void aSocketIsCountedOutWhenItHasGone() throws Exception {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Socket client = connect(loops);
    await().until(() -> counts.admitted.get() == 1);
    client.close();
    await().until(() -> counts.left.get() == 1);
    end(loops);
    assertThat(counts.left).hasValue(1);
  }

  @Test
  void aSocketThatNoLoopAcceptsIsCountedOut() throws Exception {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    end(loops);
    isCountedOut(loops);
  }

  /** As where the kernel has no room for another descriptor to watch. */
  @Test
  void aSocketThatItsLoopCannotWatchIsCountedOut() throws Exception {
    IoHandlerFactory nio = NioIoHandler.newFactory();
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, executor -> new Blind(nio.newHandler(executor)));
    isCountedOut(loops);
    end(loops);
  }

  private void isCountedOut(EventLoopGroup loops) throws Exception {
    try (Socket client = connect(loops)) {
      await().until(() -> counts.left.get() == 1);
      assertThat(client.getInputStream().read()).isNegative();
    }
    end(accepting);
    assertThat(counts.admitted).hasValue(1);
    assertThat(counts.left).hasValue(1);
  }

  private Socket connect(EventLoopGroup loops) throws Exception {
    var port = new PublicPort(new TcpConfig(), counts, Duration.ofMinutes(1), null);
    Channel listening =
        new ServerBootstrap()
            .group(accepting, loops)
            .channel(NioServerSocketChannel.class)
            .handler(port.acceptor())
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel accepted) {}
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    var address = (InetSocketAddress) listening.localAddress();
    return new Socket(address.getAddress(), address.getPort());
  }

  private static void end(EventLoopGroup group) throws InterruptedException {
    group.shutdownGracefully(0, 20, TimeUnit.SECONDS).sync();
  }

  private static final class Counts implements Doorkeeper {
    final AtomicInteger admitted = new AtomicInteger();
    final AtomicInteger left = new AtomicInteger();

    @Override
    public boolean admits(@Nullable InetAddress peer) {
      admitted.incrementAndGet();
      return true;
    }

    @Override
    public void left(@Nullable InetAddress peer) {
      left.incrementAndGet();
    }

    @Override
    public void late() {}
  }

  /** Takes no channel. */
  private record Blind(IoHandler handler) implements IoHandler {
    @Override
    public IoRegistration register(IoHandle handle) throws IOException {
      throw new IOException("no space left");
    }

    @Override
    public int run(IoHandlerContext context) {
      return handler.run(context);
    }

    @Override
    public void prepareToDestroy() {
      handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
      handler.destroy();
    }

    @Override
    public void wakeup() {
      handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
      return handler.isCompatible(type);
    }
  }
}
