package io.tidegate.gateway.edge;

import io.tidegate.gateway.address.ClientAddresses;
import io.tidegate.gateway.auth.OriginPolicy;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.session.RawRoute;
import io.tidegate.gateway.session.SessionDirectory;
import io.tidegate.gateway.session.SessionLoop;
import io.tidegate.gateway.session.SessionNode;
import io.tidegate.gateway.wire.Handshake;
import io.tidegate.gateway.wire.Inflaters;
import io.tidegate.gateway.wire.ProxyRules;
import io.tidegate.gateway.wire.PublicPort;
import io.tidegate.gateway.wire.SocketTransport;
import io.tidegate.gateway.wire.TlsEngine;
import io.tidegate.gateway.wire.WireLoop;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpServerConfig;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The public port: one verticle per core, each with its event loop, its server on the shared port
 * and its sessions. Made in {@code Gateway}; thread-safe.
 */
public final class EdgeServer {
  private final Vertx vertx;
  private final ListenSettings settings;
  private final @Nullable TlsEngine engine;
  private final SessionNode node;
  private final Hub hub;
  private final SessionDirectory directory;
  private final Admission admission;
  private final ClientAddresses addresses;
  private final Handshakes handshakes;
  private final LoopListener loops;
  private final @Nullable Handler<HttpServerRequest> pages;
  private final Routes routes;
  private final AtomicInteger port = new AtomicInteger();
  private volatile @Nullable Future<String> deployment;

  /**
   * Makes the server.
   *
   * @param vertx made with a transport of {@link SocketTransport#gated}
   * @param raw routes for clients that speak no protocol
   * @param loops told of each event loop that serves
   * @param pages answers requests that are no upgrades, such as the demo's; absent for 404
   * @throws IllegalArgumentException where this machine does not have the TLS engine that is named
   */
  public EdgeServer(
      Vertx vertx,
      ListenSettings settings,
      SessionNode node,
      Hub hub,
      SessionDirectory directory,
      Admission admission,
      List<RawRoute> raw,
      LoopListener loops,
      @Nullable Handler<HttpServerRequest> pages) {
    this.vertx = vertx;
    this.settings = settings;
    this.engine = settings.tls() == null ? null : settings.tls().engine().find();
    this.node = node;
    this.hub = hub;
    this.directory = directory;
    this.admission = admission;
    this.routes = new Routes(raw);
    this.loops = loops;
    this.pages = pages;
    this.addresses = new ClientAddresses(settings.trustedProxies());
    this.handshakes = new Handshakes(settings, addresses, node.metrics());
  }

  /** Listens; fails where the address cannot be bound or the certificate not be used. */
  public Future<Void> start(int instances) {
    var options = new DeploymentOptions().setInstances(instances);
    Future<String> started = vertx.deployVerticle(EdgeVerticle::new, options);
    deployment = started;
    return started.mapEmpty();
  }

  /** Whose TLS it is: the name in logs and metrics. */
  public String tls() {
    return engine == null ? "none" : engine.label();
  }

  /** The port in use, once started. */
  public int port() {
    return port.get();
  }

  /** Sockets of the public port that have no 101 yet. */
  public int handshakes() {
    return handshakes.sockets();
  }

  /** Stops listening, once it has begun to, and cuts what is still connected. */
  public Future<Void> close() {
    Future<String> started = deployment;
    return started == null
        ? Future.succeededFuture()
        : started.transform(
            id -> id.succeeded() ? vertx.undeploy(id.result()) : Future.succeededFuture());
  }

  private final class EdgeVerticle extends VerticleBase {
    private @Nullable HttpServer server;

    @Override
    public Future<?> start() {
      var wire =
          new WireLoop(
              (ContextInternal) context,
              node.limits(),
              node.metrics(),
              node.nanoTime(),
              new Inflaters());
      var loop = new SessionLoop(node, hub, context);
      directory.add(loop, context);
      vertx.setPeriodic(SessionLoop.TICK_MILLIS, id -> loop.tick());
      String transport = settings.tls() == null ? "ws" : "wss";
      var upgrade =
          new Upgrade(
              node,
              loop,
              wire,
              admission,
              addresses,
              new OriginPolicy(settings.origins()),
              routes,
              transport);
      HttpServer made = httpServer();
      server = made;
      made.connectionHandler(connection -> open((Http1ServerConnection) connection, upgrade));
      return made.listen(address())
          .onSuccess(
              listening -> {
                port.set(listening.actualPort());
                loops.started(context);
              });
    }

    @Override
    public Future<?> stop() {
      loops.stopping(context);
      return server == null ? Future.succeededFuture() : server.close();
    }

    /** Vert.x's own dispatch answers some requests by itself, so it is taken out. */
    private void open(Http1ServerConnection http, Upgrade upgrade) {
      Handshake handshake = Handshake.begin(http, upgrade::fault);
      http.handler(request -> route(request, handshake, upgrade));
      http.invalidRequestHandler(
          request -> upgrade.refuse(request, handshake, Refused.MALFORMED_REQUEST));
    }

    private void route(HttpServerRequest request, Handshake handshake, Upgrade upgrade) {
      Refused wrong = UpgradeForm.checkMessage(request);
      if (wrong != null) {
        upgrade.refuse(request, handshake, wrong);
      } else if (pages != null && !Routes.isOurs(request.path())) {
        request.response().putHeader(HttpHeaders.CONNECTION, "close");
        request.response().endHandler(written -> end(request, handshake));
        pages.handle(request);
      } else {
        upgrade.handle(request, handshake);
      }
    }

    private void end(HttpServerRequest request, Handshake handshake) {
      handshake.answered();
      request.connection().close().onFailure(gone -> {});
    }

    /** Port 0 is one free port, the same for every verticle. */
    private SocketAddress address() {
      return settings.port() == 0
          ? SocketAddress.sharedRandomPort(1, settings.host())
          : SocketAddress.inetSocketAddress(settings.port(), settings.host());
    }

    private HttpServer httpServer() {
      HttpServerOptions options = options();
      var config = new HttpServerConfig(options);
      TcpServerConfig tcp = config.getTcpConfig();
      var port =
          new PublicPort(
              tcp.getTransportConfig(),
              handshakes,
              settings.handshakeTimeout(),
              settings.proxyProtocol() ? proxies() : null);
      tcp.setTransportConfig(port);
      return vertx
          .httpServerBuilder()
          .with(config)
          .with(options.isSsl() ? options.getSslOptions() : null)
          .with(options.getSslEngineOptions())
          .build()
          .requestHandler(request -> {});
    }

    private ProxyRules proxies() {
      return new ProxyRules(
          addresses::isProxy, refusal -> node.metrics().proxyHeaderRefused(refusal.label()));
    }

    private HttpServerOptions options() {
      HttpServerOptions options =
          new HttpServerOptions()
              .setTcpNoDelay(true)
              .setUseProxyProtocol(settings.proxyProtocol())
              // The door in front keeps the time.
              .setProxyProtocolTimeout(0)
              .setMaxInitialLineLength(Handshake.MAX_LINE)
              .setMaxHeaderSize(Handshake.MAX_FIELDS)
              .setHttp2ClearTextEnabled(false)
              // What is agreed to is ours to say, and Vert.x inflates without a bound.
              .setPerMessageWebSocketCompressionSupported(false)
              .setPerFrameWebSocketCompressionSupported(false);
      if (settings.tls() != null && engine != null) {
        PublicTls.apply(options, settings.tls(), engine);
      }
      return options;
    }
  }
}
