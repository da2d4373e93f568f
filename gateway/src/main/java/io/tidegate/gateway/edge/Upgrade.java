package io.tidegate.gateway.edge;

import io.tidegate.gateway.address.Client;
import io.tidegate.gateway.address.Client.Problem;
import io.tidegate.gateway.address.ClientAddresses;
import io.tidegate.gateway.address.IpAddresses;
import io.tidegate.gateway.auth.AuthException;
import io.tidegate.gateway.auth.AuthSettings;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.OriginPolicy;
import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.session.Connection;
import io.tidegate.gateway.session.RawRoute;
import io.tidegate.gateway.session.RawUse;
import io.tidegate.gateway.session.SessionLoop;
import io.tidegate.gateway.session.SessionNode;
import io.tidegate.gateway.wire.Extensions;
import io.tidegate.gateway.wire.Handover;
import io.tidegate.gateway.wire.WireLoop;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.VertxConnection;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request for a connection, from its first line to the session or the refusal: is there room,
 * may this page, who is it, which protocol. Confined to its event loop.
 */
final class Upgrade {
  private static final Logger log = LoggerFactory.getLogger(Upgrade.class);

  private final SessionNode node;
  private final SessionLoop loop;
  private final WireLoop wire;
  private final Admission admission;
  private final ClientAddresses addresses;
  private final OriginPolicy origins;
  private final UpgradeTokens tokens;
  private final Routes routes;
  private final String transport;

  Upgrade(
      SessionNode node,
      SessionLoop loop,
      WireLoop wire,
      Admission admission,
      ClientAddresses addresses,
      OriginPolicy origins,
      Routes routes,
      String transport) {
    this.node = node;
    this.loop = loop;
    this.wire = wire;
    this.admission = admission;
    this.addresses = addresses;
    this.origins = origins;
    this.tokens = new UpgradeTokens(node.auth().sources());
    this.routes = routes;
    this.transport = transport;
  }

  void handle(HttpServerRequest request) {
    long start = node.nanoTime().getAsLong();
    Client client = client(request);
    Route route = routes.find(request.path());
    if (route == null) {
      refuse(request, client, Refused.NOT_FOUND);
      return;
    }
    Refused malformed = checkForm(request, client);
    if (malformed != null) {
      refuse(request, client, malformed);
      return;
    }
    Refused full = admission.enter(client);
    if (full != null) {
      refuse(request, client, full);
      return;
    }
    admitSafely(request, client, route)
        .onSuccess(opening -> accept(request, client, route, opening, start))
        .onFailure(
            e -> {
              admission.release(client);
              refuse(request, client, reason(e));
            });
  }

  private Client client(HttpServerRequest request) {
    var headers = request.headers();
    Client client =
        addresses.find(
            peer(request.remoteAddress()),
            headers.getAll("forwarded"),
            headers.getAll("x-forwarded-for"),
            headers.getAll("x-forwarded-proto"));
    Problem problem = client.problem();
    if (problem != null) {
      node.metrics().forwardedIgnored(problem.label());
    }
    return client;
  }

  private static @Nullable InetAddress peer(@Nullable SocketAddress remote) {
    String address = remote == null ? null : remote.hostAddress();
    // Of a link-local address the zone is our own interface.
    return address == null ? null : IpAddresses.parse(address.replaceFirst("%.*", ""));
  }

  private @Nullable Refused checkForm(HttpServerRequest request, Client client) {
    if (!request.method().equals(HttpMethod.GET)) {
      return Refused.METHOD_NOT_ALLOWED;
    }
    if (!request.canUpgradeToWebSocket()) {
      return Refused.UPGRADE_REQUIRED;
    }
    return client.problem() == Problem.CONFLICTING ? Refused.CONFLICTING_ADDRESSES : null;
  }

  /** What the request says may be malformed in ways that Vert.x tells by throwing. */
  private Future<Consumer<Connection>> admitSafely(
      HttpServerRequest request, Client client, Route route) {
    try {
      return admit(request, client, route);
    } catch (IllegalArgumentException e) {
      return refused(Refused.BAD_HANDSHAKE);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** What to do with the connection, once it is one. */
  private Future<Consumer<Connection>> admit(
      HttpServerRequest request, Client client, Route route) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    boolean tls = request.isSSL() || client.https();
    if (!origins.allows(origin, request.getHeader(HttpHeaders.HOST), tls)) {
      return refused(Refused.ORIGIN_NOT_ALLOWED);
    }
    List<String> subprotocols = subprotocols(request);
    if (!speaks(route, subprotocols)) {
      return refused(Refused.UNSUPPORTED_SUBPROTOCOL);
    }
    Set<String> found = tokens.read(request, subprotocols);
    if (found.size() > 1) {
      return refused(Refused.CONFLICTING_TOKENS);
    }
    MultiMap query = request.params();
    return identify(found, route).map(identity -> opening(route, query, identity.orElse(null)));
  }

  private Future<Optional<Identity>> identify(Set<String> tokens, Route route) {
    if (!tokens.isEmpty()) {
      return node.authenticator().authenticate(tokens.iterator().next()).map(Optional::of);
    }
    AuthSettings auth = node.auth();
    // A raw route has no frame that could bring one later.
    boolean later = route.raw() == null && auth.sources().contains(TokenSource.FIRST_FRAME);
    return auth.anonymous() || later
        ? Future.succeededFuture(Optional.empty())
        : refused(Refused.MISSING_TOKEN);
  }

  private Consumer<Connection> opening(Route route, MultiMap query, @Nullable Identity known) {
    RawRoute raw = route.raw();
    if (raw == null) {
      return connection -> loop.greet(connection, route.protocol(), known);
    }
    Identity identity = known == null ? Identity.ANONYMOUS : known;
    RawUse use = new RawEntry(node.namespaces(), query::getAll, identity).into(raw);
    return connection -> loop.open(connection, route.protocol(), identity, use);
  }

  private void accept(
      HttpServerRequest request,
      Client client,
      Route route,
      Consumer<Connection> opening,
      long start) {
    var handover =
        Handover.prepare(((VertxConnection) request.connection()).channelHandlerContext());
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              take(handover, client, route, opening);
              double seconds = (node.nanoTime().getAsLong() - start) / 1e9;
              node.metrics().upgradeSeconds(seconds);
            })
        .onFailure(
            e -> {
              // Vert.x has answered the request already.
              handover.abandon();
              admission.release(client);
              node.metrics().upgradeRefused(Refused.BAD_HANDSHAKE.label());
              log.debug("handshake failed remote={}", client, e);
            });
  }

  private void take(Handover handover, Client client, Route route, Consumer<Connection> opening) {
    Connection connection =
        handover.take(wire, client.toString(), Extensions.NONE, () -> admission.release(client));
    node.metrics().connectionOpened(route.protocol().label(), transport);
    opening.accept(connection);
    handover.begin();
  }

  private void refuse(HttpServerRequest request, Client client, Refused refused) {
    node.metrics().upgradeRefused(refused.label());
    log.debug("upgrade refused remote={} reason={}", client, refused.label());
    JsonAnswers.refuse(request, refused);
  }

  /** The real subprotocols and the token items, in the client's order (RFC 6455 section 11.3.4). */
  private static List<String> subprotocols(HttpServerRequest request) {
    return request.headers().getAll("sec-websocket-protocol").stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** A client that names protocols must get one of them, or it will not go on (section 4.1). */
  private static boolean speaks(Route route, List<String> subprotocols) {
    List<String> real =
        subprotocols.stream()
            .filter(item -> !item.startsWith(UpgradeTokens.SUBPROTOCOL_PREFIX))
            .toList();
    return real.isEmpty() || real.contains(route.subprotocol());
  }

  private static <T> Future<T> refused(Refused refused) {
    return Future.failedFuture(new RefusedException(refused));
  }

  private static Refused reason(Throwable e) {
    if (e instanceof RefusedException refused) {
      return refused.refused();
    }
    if (e instanceof AuthException auth) {
      return auth.reason() == AuthException.Reason.TOKEN_EXPIRED
          ? Refused.TOKEN_EXPIRED
          : Refused.INVALID_TOKEN;
    }
    return Refused.INTERNAL;
  }
}
