package io.tidegate.gateway.wire;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.transport.Transport;
import java.net.InetAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The PROXY protocol, versions 1 and 2, by source: a trusted proxy must send a header, which is
 * then believed, and whoever else sends one is refused. Thread-safe.
 *
 * <p>Vert.x by itself believes everybody's header, and demands one of everybody. So a gate is put
 * in front of each connection that is accepted on a port where Vert.x expects headers; Vert.x is
 * handed what the gate let through.
 */
public final class ProxyProtocol {
  private volatile @Nullable Rules rules;

  /**
   * What a gate goes by.
   *
   * @param trusted whose headers are believed
   * @param refused told of each connection that was refused, on its event loop
   */
  record Rules(Predicate<InetAddress> trusted, Consumer<ProxyRefusal> refused) {}

  /**
   * For the Vert.x whose servers are to have gates.
   *
   * @throws IllegalArgumentException where this machine does not have {@code sockets}
   */
  public Transport transport(SocketTransport sockets) {
    return new GatedTransport(sockets.find(), new Acceptor());
  }

  /** Sets the rules; to be called before a server listens that expects headers. */
  public void rules(Predicate<InetAddress> trusted, Consumer<ProxyRefusal> refused) {
    rules = new Rules(trusted, refused);
  }

  /** In the pipeline of a listening socket, where the messages are the accepted connections. */
  @Sharable
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Channel accepted) {
        // Before Vert.x adds its handlers, so that this one is the first to read.
        accepted.pipeline().addLast(new ProxyGate(() -> requireNonNull(rules, "rules")));
      }
      ctx.fireChannelRead(message);
    }
  }
}
