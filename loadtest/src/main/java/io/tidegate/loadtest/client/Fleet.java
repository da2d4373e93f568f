package io.tidegate.loadtest.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tidegate.loadtest.measure.Tally;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that clients live on, and how a client is connected: nodes take turns, and so do
 * source addresses. Used by one thread at a time.
 */
public final class Fleet {
  private static final int PORT_AT_MOST = 65_535;
  private static final int STOP_SECONDS = 10;
  private static final boolean EPOLL = Epoll.isAvailable();

  private final Targets targets;
  private final EventLoopGroup loops;
  private final @Nullable SslContext tls;
  private final List<EventLoop> members = new ArrayList<>();
  private final List<Client.Lane> lanes = new ArrayList<>();
  // Closed before the loops are: a loop that is stopped at once may leave its sockets open.
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final SplittableRandom chance;
  private int opened;

  /**
   * Where connections go to and come from.
   *
   * @param sources local addresses; empty leaves the choice to the system
   * @param insecure whether any certificate is good
   */
  public record Targets(
      List<URI> urls,
      List<String> sources,
      boolean insecure,
      int timeoutSeconds,
      Dialects dialect) {
    public Targets {
      urls = List.copyOf(urls);
      sources = List.copyOf(sources);
    }
  }

  /**
   * Starts the loops.
   *
   * @param seed of what is random in the requests and masks of clients
   */
  public Fleet(Targets targets, int threads, long seed) throws SSLException {
    this.targets = targets;
    chance = new SplittableRandom(seed);
    var io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    loops = new MultiThreadIoEventLoopGroup(threads, io);
    for (int i = 0; i < threads; i++) {
      members.add(loops.next());
      lanes.add(new Client.Lane(new Tally(), new FrameReader.Scratch()));
    }
    boolean secure = targets.urls().stream().anyMatch(url -> url.getScheme().equals("wss"));
    tls = secure ? tls(targets.insecure()) : null;
  }

  private static SslContext tls(boolean insecure) throws SSLException {
    var builder = SslContextBuilder.forClient().sessionCacheSize(1);
    if (insecure) {
      builder
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null);
    }
    return builder.build();
  }

  public List<Tally> tallies() {
    return lanes.stream().map(Client.Lane::tally).toList();
  }

  /** The first of the loops. */
  public ScheduledExecutorService loop() {
    return members.get(0);
  }

  /** Begins to connect the next client; its futures tell what comes of it. */
  public Client open(Errand errand, RunClock clock) {
    int index = opened++;
    int loop = index % members.size();
    URI url = targets.urls().get(index % targets.urls().size());
    var client = new Client(errand, clock, lanes.get(loop), targets.dialect(), url, chance.split());
    var bootstrap =
        new Bootstrap()
            .group(members.get(loop))
            .channel(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, targets.timeoutSeconds() * 1000)
            .handler(pipeline(url, index, client));
    if (!targets.sources().isEmpty()) {
      int turn = index / targets.urls().size() % targets.sources().size();
      bootstrap.localAddress(new InetSocketAddress(targets.sources().get(turn), 0));
      if (EPOLL) {
        // Else the kernel reserves a port of its own for each before it knows where to.
        bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
      }
    }
    bootstrap
        .connect(url.getHost(), port(url))
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                client.drop(ClientException.kind(done.cause()));
              }
            });
    expire(client, members.get(loop));
    return client;
  }

  /** Closes connections and stops the loops; what clients counted is there to be read. */
  public void close() throws InterruptedException {
    channels.close().await();
    loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).sync();
  }

  private void expire(Client client, EventLoop loop) {
    var deadline =
        loop.schedule(
            () -> {
              if (!client.ready().isDone()) {
                client.drop("no answer in " + targets.timeoutSeconds() + " s");
              }
            },
            targets.timeoutSeconds(),
            TimeUnit.SECONDS);
    CompletableFuture<Boolean> unused =
        client.ready().handle((ready, failure) -> deadline.cancel(false));
  }

  private ChannelInitializer<Channel> pipeline(URI url, int index, Client client) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        boolean unused = channels.add(channel);
        if (tls != null && url.getScheme().equals("wss")) {
          // Sessions are remembered by host and port. Clients in the field are not one client, so
          // each has a port of its own: every handshake is a full one.
          int port = 1 + index % PORT_AT_MOST;
          channel.pipeline().addLast(tls.newHandler(channel.alloc(), url.getHost(), port));
        }
        channel.pipeline().addLast(client.handler());
      }
    };
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("wss") ? 443 : 80;
  }
}
