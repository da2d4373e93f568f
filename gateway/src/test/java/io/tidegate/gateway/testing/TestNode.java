package io.tidegate.gateway.testing;

import io.prometheus.client.CollectorRegistry;
import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.local.LocalNode;
import io.tidegate.backplane.local.LocalSettings;
import io.tidegate.backplane.local.LocalStore;
import io.tidegate.gateway.LastConnectionWins;
import io.tidegate.gateway.auth.AuthSettings;
import io.tidegate.gateway.auth.JwtAuthenticator;
import io.tidegate.gateway.auth.JwtSettings;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.SubscriptionTokens;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.edge.Admission;
import io.tidegate.gateway.edge.EdgeServer;
import io.tidegate.gateway.edge.ListenSettings;
import io.tidegate.gateway.edge.LoopListener;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.limits.AddressConnections;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.service.Services;
import io.tidegate.gateway.service.ServicesSettings;
import io.tidegate.gateway.session.RawRoute;
import io.tidegate.gateway.session.SessionDirectory;
import io.tidegate.gateway.session.SessionNode;
import io.tidegate.gateway.wire.SocketTransport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** A node's public port on a store of this process: real sockets, real loops, no command line. */
public final class TestNode implements AutoCloseable {
  /** 100 publications for 5 minutes, recovery, presence, joins and leaves; everybody may. */
  public static final Namespace OPEN =
      new TestNamespace("")
          .history(100, Duration.ofMinutes(5))
          .recover(true)
          .positioned(true)
          .presence(true)
          .joinLeave()
          .may(Who.AUTHENTICATED)
          .build();

  public static final SessionLimits LIMITS =
      new SessionLimits(64 << 10, 0, 0, 1, 10, 16, 255, 1 << 20);

  /** The route {@code /raw/echo}. */
  public static final RawRoute ECHO =
      new RawRoute("echo", List.of(), null, null, true, false, null);

  private final Vertx vertx = Vertx.builder().withTransport(SocketTransport.AUTO.gated()).build();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final SessionDirectory sessions = new SessionDirectory();
  private final Admission admission;
  private final BackplaneNode backplane;
  private final Services services;
  private final Hub hub;
  private final EdgeServer edge;

  public TestNode(NodeOptions options, RawRoute... raw) {
    this(options, ServicesSettings.NONE, raw);
  }

  /** A node that also passes messages on to services. */
  public TestNode(NodeOptions options, ServicesSettings serviced, RawRoute... raw) {
    var metrics = new Metrics(registry);
    var info = new NodeInfo(UUID.randomUUID().toString(), "test", "0", 0);
    backplane = new LocalNode(vertx, info, options.store(), BackplaneMetrics.NONE);
    var namespaces =
        new Namespaces(
            options.namespaces().get(0),
            options.namespaces().subList(1, options.namespaces().size()),
            options.limits().channelLength());
    var jwt = new JwtSettings(TestTokens.SECRET, List.of(), null, null, Duration.ZERO);
    var auth =
        new AuthSettings(
            jwt, jwt, options.sources(), options.firstFrameTimeout(), options.anonymous());
    services =
        new Services(
            serviced,
            info.id(),
            vertx,
            backplane.inbox(),
            metrics,
            Clock.systemUTC(),
            System::nanoTime,
            () -> UUID.randomUUID().toString());
    var lastWins = new LastConnectionWins(backplane.cluster(), sessions);
    var node =
        new SessionNode(
            info.id(),
            "test",
            backplane.backplane(),
            backplane.presence(),
            options.door().authenticator().apply(JwtAuthenticator.create(jwt, Clock.systemUTC())),
            SubscriptionTokens.create(jwt, Clock.systemUTC()),
            auth,
            namespaces,
            options.personal(),
            lastWins,
            services,
            options.limits(),
            options.heartbeat(),
            options.outbound(),
            metrics,
            Clock.systemUTC(),
            System::nanoTime,
            RandomGenerator.getDefault(),
            () -> UUID.randomUUID().toString());
    hub = new Hub(backplane.backplane(), namespaces::published);
    admission =
        new Admission(options.maxConnections(), new AddressConnections(options.perAddress()));
    var listen =
        new ListenSettings(
            "127.0.0.1",
            0,
            SocketTransport.AUTO,
            options.tls(),
            options.tls() == null,
            options.origins(),
            options.proxies().protocol(),
            options.proxies().trusted(),
            options.maxConnections(),
            options.perAddress(),
            options.door().most(),
            options.door().timeout());
    edge =
        new EdgeServer(
            vertx, listen, node, hub, sessions, admission, List.of(raw), new NoLoops(), null);
    await(
        backplane.start(
            new Listener(), lastWins.before(command -> Future.succeededFuture(Payload.EMPTY))));
    await(edge.start(2));
  }

  public static LocalStore store() {
    return new LocalStore(
        LocalSettings.defaults(), Clock.systemUTC(), System::nanoTime, new SecureRandom());
  }

  public URI uri() {
    return URI.create("ws://127.0.0.1:" + edge.port() + "/connection/websocket");
  }

  /** Of a raw route. */
  public URI uri(String route) {
    return URI.create("ws://127.0.0.1:" + edge.port() + "/raw/" + route);
  }

  public int port() {
    return edge.port();
  }

  public Hub hub() {
    return hub;
  }

  public SessionDirectory sessions() {
    return sessions;
  }

  /** Sockets without a 101. */
  public int handshakes() {
    return edge.handshakes();
  }

  public Admission admission() {
    return admission;
  }

  public BackplaneNode backplane() {
    return backplane;
  }

  public PublishResult publish(String channel, String json) {
    var request = PublishRequest.of(channel, Payload.utf8(json), OPEN.stream());
    return await(backplane.backplane().publish(request));
  }

  /** A counter's value; 0 where it was never touched. */
  public double metric(String name, String label, String value) {
    return metric(name, List.of(label), List.of(value));
  }

  public double metric(String name, List<String> labels, List<String> values) {
    Double sample =
        registry.getSampleValue(name, labels.toArray(String[]::new), values.toArray(String[]::new));
    return sample == null ? 0 : sample;
  }

  /** How often a histogram was observed. */
  public double observed(String histogram) {
    Double sample = registry.getSampleValue(histogram + "_count");
    return sample == null ? 0 : sample;
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(edge.close());
    await(services.close());
    await(backplane.close());
    await(vertx.close());
  }

  private static final class NoLoops implements LoopListener {
    @Override
    public void started(Context loop) {}

    @Override
    public void stopping(Context loop) {}
  }

  private final class Listener implements BackplaneListener {
    @Override
    public void publication(String channel, String epoch, Publication publication) {
      hub.publication(channel, epoch, publication);
    }

    @Override
    public void joined(String channel, ClientInfo member) {
      hub.joined(channel, member);
    }

    @Override
    public void left(String channel, ClientInfo member) {
      hub.left(channel, member);
    }

    @Override
    public void presenceReset(String channel) {
      hub.presenceReset(channel);
    }

    @Override
    public void discontinued(String channel, StreamPosition resumed, GapCause cause) {
      hub.discontinued(channel, resumed, cause);
    }

    @Override
    public Future<Void> leaseLost() {
      return sessions.closeAll(CloseCode.FORCE_RECONNECT);
    }
  }
}
