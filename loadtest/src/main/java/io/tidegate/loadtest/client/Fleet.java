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
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.tidegate.loadtest.measure.Tally;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that clients live on, and how a client is connected: nodes take turns, and so do
 * source addresses. Used by one thread at a time.
 */
public final class Fleet {
  private static final int FRAME_AT_MOST = 16 << 20;
  private static final int UPGRADE_ANSWER_AT_MOST = 1 << 16;
  private static final int STOP_SECONDS = 10;
  private static final boolean EPOLL = Epoll.isAvailable();

  private final Targets targets;
  private final EventLoopGroup loops;
  private final @Nullable SslContext tls;
  private final List<EventLoop> members = new ArrayList<>();
  private final List<Tally> tallies = new ArrayList<>();
  private int opened;

  /**
   * Where connections go to and come from.
   *
   * @param sources local addresses; empty leaves the choice to the system
   * @param insecure whether any certificate is good
   */
  public record Targets(
      List<URI> urls, List<String> sources, boolean insecure, int timeoutSeconds) {
    public Targets {
      urls = List.copyOf(urls);
      sources = List.copyOf(sources);
    }
  }

  public Fleet(Targets targets, int threads) throws SSLException {
    this.targets = targets;
    var io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    loops = new MultiThreadIoEventLoopGroup(threads, io);
    for (int i = 0; i < threads; i++) {
      members.add(loops.next());
      tallies.add(new Tally());
    }
    boolean secure = targets.urls().stream().anyMatch(url -> url.getScheme().equals("wss"));
    tls = secure ? tls(targets.insecure()) : null;
  }

  private static SslContext tls(boolean insecure) throws SSLException {
    var builder = SslContextBuilder.forClient();
    if (insecure) {
      builder
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null);
    }
    return builder.build();
  }

  public List<Tally> tallies() {
    return tallies;
  }

  /** Begins to connect the next client; its futures tell what comes of it. */
  public Client open(Errand errand, RunClock clock) {
    int index = opened++;
    int loop = index % members.size();
    URI url = targets.urls().get(index % targets.urls().size());
    var client = new Client(errand, clock, tallies.get(loop));
    var bootstrap =
        new Bootstrap()
            .group(members.get(loop))
            .channel(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, targets.timeoutSeconds() * 1000)
            .handler(pipeline(url, errand.token(), client));
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

  /** Stops the loops, and what clients counted is there to be read. */
  public void close() throws InterruptedException {
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

  private ChannelInitializer<Channel> pipeline(URI url, @Nullable String token, Client client) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (tls != null && url.getScheme().equals("wss")) {
          channel.pipeline().addLast(tls.newHandler(channel.alloc(), url.getHost(), port(url)));
        }
        channel
            .pipeline()
            .addLast(
                new HttpClientCodec(),
                new HttpObjectAggregator(UPGRADE_ANSWER_AT_MOST),
                new WebSocketClientProtocolHandler(handshake(url, token)),
                new WebSocketFrameAggregator(FRAME_AT_MOST),
                client);
      }
    };
  }

  private WebSocketClientProtocolConfig handshake(URI url, @Nullable String token) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (token != null) {
      headers.set("Authorization", "Bearer " + token);
    }
    return WebSocketClientProtocolConfig.newBuilder()
        .webSocketUri(url)
        .version(WebSocketVersion.V13)
        .subprotocol("centrifuge-json")
        .customHeaders(headers)
        .maxFramePayloadLength(FRAME_AT_MOST)
        // What arrives is scanned as bytes; whether it is good UTF-8 is a question for other tests.
        .withUTF8Validator(false)
        .handleCloseFrames(false)
        .handshakeTimeoutMillis(TimeUnit.SECONDS.toMillis(targets.timeoutSeconds()))
        .build();
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("wss") ? 443 : 80;
  }
}
