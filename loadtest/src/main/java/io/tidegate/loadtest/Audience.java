package io.tidegate.loadtest;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
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
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** All subscribers and the event loops they live on. Used by the main thread. */
final class Audience {
  private static final int OPENING_AT_ONCE = 50;
  private static final int FRAME_AT_MOST = 16 << 20;
  private static final int DEADLINE_SECONDS = 30;
  private static final boolean EPOLL = Epoll.isAvailable();

  private final FanoutPlan plan;
  private final Greeting greeting;
  private final EventLoopGroup loops;
  private final @Nullable SslContext tls;
  private final List<LoopCount> counts = new ArrayList<>();
  private final List<EventLoop> members = new ArrayList<>();
  private final List<Subscriber> subscribers = new ArrayList<>();
  private boolean positioned = true;

  Audience(FanoutPlan plan) throws SSLException {
    this.plan = plan;
    greeting = new Greeting(plan.token(), plan.channel());
    var io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    loops = new MultiThreadIoEventLoopGroup(plan.threads(), io);
    for (int i = 0; i < plan.threads(); i++) {
      members.add(loops.next());
      counts.add(new LoopCount(plan.schedule()));
    }
    var builder = SslContextBuilder.forClient();
    if (plan.insecure()) {
      builder
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null);
    }
    tls =
        plan.urls().stream().anyMatch(url -> url.getScheme().equals("wss"))
            ? builder.build()
            : null;
  }

  /** Opens all connections, some at a time, and waits until every subscription stands. */
  void open() throws InterruptedException {
    for (int from = 0; from < plan.subscribers(); from += OPENING_AT_ONCE) {
      var batch = new ArrayList<CompletableFuture<Boolean>>();
      for (int i = from; i < Math.min(from + OPENING_AT_ONCE, plan.subscribers()); i++) {
        batch.add(open(i).orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS));
      }
      for (CompletableFuture<Boolean> subscribed : batch) {
        positioned &= Waiting.on(subscribed);
      }
    }
  }

  /** Whether every subscription has offsets. */
  boolean positioned() {
    return positioned;
  }

  List<LoopCount> counts() {
    return counts;
  }

  /** What each received. Read when all is quiet. */
  List<Subscriber> subscribers() {
    return subscribers;
  }

  /** Why connections broke, one reason for each that did. */
  List<String> broken() {
    return subscribers.stream().map(Subscriber::lost).flatMap(Optional::stream).toList();
  }

  /** Stops the loops, and what they counted is there to be read. */
  void close() throws InterruptedException {
    loops.shutdownGracefully(0, DEADLINE_SECONDS, TimeUnit.SECONDS).sync();
  }

  private CompletableFuture<Boolean> open(int index) {
    URI url = plan.urls().get(index % plan.urls().size());
    int loop = index % members.size();
    var subscriber = new Subscriber(greeting, counts.get(loop), plan.payloadBytes());
    subscribers.add(subscriber);
    ChannelFuture connecting =
        new Bootstrap()
            .group(members.get(loop))
            .channel(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(pipeline(url, subscriber))
            .connect(url.getHost(), port(url));
    connecting.addListener(
        done -> {
          if (!done.isSuccess()) {
            subscriber.subscribed().completeExceptionally(done.cause());
          }
        });
    return subscriber.subscribed();
  }

  private ChannelInitializer<Channel> pipeline(URI url, Subscriber subscriber) {
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
                new HttpObjectAggregator(1 << 16),
                new WebSocketClientProtocolHandler(handshake(url)),
                new WebSocketFrameAggregator(FRAME_AT_MOST),
                subscriber);
      }
    };
  }

  private WebSocketClientProtocolConfig handshake(URI url) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (plan.token() != null) {
      headers.set("Authorization", "Bearer " + plan.token());
    }
    return WebSocketClientProtocolConfig.newBuilder()
        .webSocketUri(url)
        .version(WebSocketVersion.V13)
        .subprotocol("centrifuge-json")
        .customHeaders(headers)
        .maxFramePayloadLength(FRAME_AT_MOST)
        .handleCloseFrames(false)
        .build();
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("wss") ? 443 : 80;
  }
}
