package io.tidegate.gateway.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.net.TcpConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP settings of a server on a {@link GatedTransport}, each of whose sockets passes a door
 * before anything of it is read, and where proxies send headers a gate too. To be used by one
 * server only.
 */
public final class PublicPort extends TcpConfig {
  private static final Logger log = LoggerFactory.getLogger(PublicPort.class);

  private final ChannelHandler acceptor;

  /**
   * Makes the settings.
   *
   * @param settings all others
   * @param timeout from accepting a socket to its 101
   * @param proxies whose headers are expected; absent where none are
   */
  public PublicPort(
      TcpConfig settings, Doorkeeper keeper, Duration timeout, @Nullable ProxyRules proxies) {
    this(settings, new Acceptor(keeper, timeout, proxies));
  }

  private PublicPort(TcpConfig settings, ChannelHandler acceptor) {
    super(settings);
    this.acceptor = acceptor;
  }

  /** For the listening socket. */
  ChannelHandler acceptor() {
    return acceptor;
  }

  /** Vert.x works on copies. */
  @Override
  protected TcpConfig copy() {
    return new PublicPort(this, acceptor);
  }

  /** In the pipeline of a listening socket, where the messages are the accepted connections. */
  @Sharable
  private static final class Acceptor extends ChannelInboundHandlerAdapter {
    private final Doorkeeper keeper;
    private final Duration timeout;
    private final @Nullable ProxyRules proxies;

    Acceptor(Doorkeeper keeper, Duration timeout, @Nullable ProxyRules proxies) {
      this.keeper = keeper;
      this.timeout = timeout;
      this.proxies = proxies;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Channel accepted) {
        open(ctx, accepted);
      } else {
        ctx.fireChannelRead(message);
      }
    }

    private void open(ChannelHandlerContext ctx, Channel accepted) {
      InetAddress peer = peer(accepted);
      if (!keeper.admits(peer)) {
        log.debug("socket turned away peer={}", peer);
        // No event loop has it yet.
        accepted.unsafe().closeForcibly();
        return;
      }
      // Before Vert.x adds its handlers, so that these are the first to read.
      var door = new Door(keeper, peer, timeout);
      door.guard(accepted);
      if (proxies != null) {
        accepted.pipeline().addLast(new ProxyGate(proxies));
      }
      ctx.fireChannelRead(accepted);
      if (!accepted.isOpen()) {
        // Where no event loop took it, Netty tells no handler, and no listener either.
        door.left();
      }
    }

    private static @Nullable InetAddress peer(Channel accepted) {
      return accepted.remoteAddress() instanceof InetSocketAddress address
          ? address.getAddress()
          : null;
    }
  }
}
