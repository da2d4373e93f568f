package io.tidegate.gateway;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.gateway.api.ApiCalls;
import io.tidegate.gateway.api.ApiMethods;
import io.tidegate.gateway.api.ApiServer;
import io.tidegate.gateway.api.NodeCommands;
import io.tidegate.gateway.auth.JwtAuthenticator;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.SubscriptionTokens;
import io.tidegate.gateway.config.BackplaneSettings;
import io.tidegate.gateway.config.Config;
import io.tidegate.gateway.edge.Admission;
import io.tidegate.gateway.edge.DemoRoutes;
import io.tidegate.gateway.edge.DemoSettings;
import io.tidegate.gateway.edge.Drain;
import io.tidegate.gateway.edge.EdgeServer;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.limits.AddressConnections;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.metrics.Metrics.Level;
import io.tidegate.gateway.ops.Canary;
import io.tidegate.gateway.ops.EventLoops;
import io.tidegate.gateway.ops.OpsServer;
import io.tidegate.gateway.ops.Readiness;
import io.tidegate.gateway.ops.Readiness.Check;
import io.tidegate.gateway.service.Services;
import io.tidegate.gateway.session.SessionDirectory;
import io.tidegate.gateway.session.SessionNode;
import io.tidegate.gateway.wire.SocketTransport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node: all parts, put together by constructor; started from the store to the public port,
 * stopped the other way round. The one place where time and randomness come from. Thread-safe.
 */
final class Gateway {
  private static final Logger log = LoggerFactory.getLogger(Gateway.class);

  private static final int ID_BYTES = 16;

  private final Config config;
  private final String transport;
  private final CollectorRegistry registry = new CollectorRegistry();
  private final BackplaneNode backplane;
  private final NodeListener listener;
  private final CommandHandler commands;
  private final Readiness readiness = new Readiness();
  private final Canary canary;
  private final Services services;
  private final EdgeServer edge;
  private final SessionActions actions;
  private final ApiServer api;
  private final OpsServer ops;
  private final Drain drain;
  private volatile int internalPort;
  private volatile int opsPort;
  private @Nullable Future<Void> stopped;

  private Gateway(Vertx vertx, Config config, @Nullable DemoSettings demo) {
    this.config = config;
    Clock clock = Clock.systemUTC();
    LongSupplier nanoTime = System::nanoTime;
    SecureRandom random = new SecureRandom();
    DefaultExports.register(registry);
    Metrics metrics = new Metrics(registry);
    var info = new NodeInfo(id(random), config.nodeName(), Versions.tidegate(), clock.millis());
    List<Namespace> all = config.namespaces();
    var namespaces =
        new Namespaces(all.get(0), all.subList(1, all.size()), config.limits().channelLength());

    backplane =
        Backplanes.create(
            config.backplane(), vertx, info, clock, nanoTime, random, metrics.backplane());
    var hub = new Hub(backplane.backplane(), namespaces::published);
    var sessions = new SessionDirectory();
    var admission =
        new Admission(
            config.listen().maxConnections(),
            new AddressConnections(config.listen().connectionsPerAddress()));
    canary = new Canary(vertx, backplane.backplane(), info.id(), readiness, metrics, nanoTime);
    listener = new NodeListener(hub, canary, sessions);
    var methods = new ApiMethods(backplane, namespaces, metrics, clock, nanoTime);
    var lastWins = new LastConnectionWins(backplane.cluster(), sessions);
    actions = new SessionActions(vertx, sessions, hub);
    commands =
        lastWins.before(
            new NodeCommands(
                actions,
                new ApiCalls(vertx, methods, config.internal().bounds(), metrics, nanoTime)));

    services =
        new Services(
            config.services(),
            info.id(),
            vertx,
            backplane.inbox(),
            metrics,
            clock,
            nanoTime,
            () -> id(random));
    var loops = new EventLoops(vertx, metrics, nanoTime);
    var node =
        new SessionNode(
            info.id(),
            info.version(),
            backplane.backplane(),
            backplane.presence(),
            JwtAuthenticator.create(config.auth().jwt(), clock),
            SubscriptionTokens.create(config.auth().subscriptionJwt(), clock),
            config.auth(),
            namespaces,
            config.personal(),
            lastWins,
            services,
            config.limits(),
            config.heartbeat(),
            config.outbound(),
            metrics,
            clock,
            nanoTime,
            // One that needs no lock, for all loops share it.
            () -> ThreadLocalRandom.current().nextLong(),
            () -> id(random));
    edge =
        new EdgeServer(
            vertx,
            config.listen(),
            node,
            hub,
            sessions,
            admission,
            config.raw(),
            new WatchedLoops(loops),
            demo == null ? null : new DemoRoutes(demo));
    api = new ApiServer(vertx, config.internal(), methods, metrics, nanoTime);
    ops = new OpsServer(vertx, config.ops(), readiness, loops, registry);
    drain = new Drain(vertx, config.drain(), admission, sessions, nanoTime);
    transport = SocketTransport.nameOf(vertx);
    metrics.buildInfo(Versions.tidegate(), Versions.java(), transport, edge.tls());
    metrics.level(Level.CONNECTIONS, admission::connections);
    metrics.level(Level.HANDSHAKES, edge::handshakes);
    metrics.level(Level.SUBSCRIPTIONS, sessions::subscriptions);
    metrics.level(Level.OUTBOX_BYTES, sessions::outboxBytes);
    metrics.level(Level.CHANNELS, hub::channels);
    metrics.level(Level.DRAIN_STATE, drain::state);
    metrics.level(Level.READY, () -> readiness.faults().isEmpty() ? 1 : 0);
  }

  /**
   * Starts a node.
   *
   * @param vertx made with a transport of {@link SocketTransport#gated}
   * @param demo serves the demo page beside the clients' path
   * @return fails with {@link StartException} where the operator can mend it; nothing is left
   *     running
   */
  static Future<Gateway> start(Vertx vertx, Config config, @Nullable DemoSettings demo) {
    Gateway gateway;
    try {
      gateway = new Gateway(vertx, config, demo);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(new StartException(String.valueOf(e.getMessage()), e));
    }
    return gateway
        .start()
        .map(gateway)
        .recover(e -> gateway.close().transform(closed -> Future.failedFuture(e)));
  }

  /** Drains, then stops everything. Idempotent; completes within the deadlines of its steps. */
  synchronized Future<Void> stop() {
    if (stopped == null) {
      readiness.fail(Check.DRAINING, "stopping");
      stopped = drain.run().eventually(this::close).onComplete(done -> log.info("node stopped"));
    }
    return stopped;
  }

  int publicPort() {
    return edge.port();
  }

  int internalPort() {
    return internalPort;
  }

  int opsPort() {
    return opsPort;
  }

  private Future<Void> start() {
    return listening("ops.port", config.ops().port(), ops.start())
        .onSuccess(port -> opsPort = port)
        .compose(port -> joining(config.backplane().type(), backplane.start(listener, commands)))
        .onSuccess(
            joined -> {
              readiness.pass(Check.BACKPLANE);
              canary.start();
            })
        .compose(v -> listening("internal.port", config.internal().port(), api.start()))
        .onSuccess(port -> internalPort = port)
        .compose(port -> listening("listen.port", config.listen().port(), startEdge()))
        .onSuccess(
            v -> {
              readiness.pass(Check.STARTED);
              log.info(
                  "node started public={} internal={} ops={} transport={} tls={}",
                  edge.port(),
                  internalPort,
                  opsPort,
                  transport,
                  edge.tls());
            });
  }

  private Future<Void> startEdge() {
    return edge.start(Runtime.getRuntime().availableProcessors());
  }

  private Future<Void> close() {
    return edge.close()
        .eventually(services::close)
        .eventually(canary::close)
        .eventually(api::close)
        .eventually(actions::close)
        .eventually(backplane::close)
        .eventually(ops::close);
  }

  private static <T> Future<T> listening(String key, int port, Future<T> listening) {
    return listening.recover(
        e ->
            Future.failedFuture(
                SocketTransport.isBindFailure(e)
                    ? new StartException(
                        key + ": " + port + " (expected: a free port; " + e.getMessage() + ")", e)
                    : e));
  }

  /** A setting that does not fit this machine is the cause of the backplane's failure. */
  private static Future<Void> joining(BackplaneSettings.Type type, Future<Void> joining) {
    String section = "backplane." + type.name().toLowerCase(Locale.ROOT) + ".";
    return joining.recover(
        e ->
            Future.failedFuture(
                e.getCause() instanceof IllegalArgumentException wrong
                    ? new StartException(section + wrong.getMessage(), e)
                    : e));
  }

  private static String id(SecureRandom random) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
