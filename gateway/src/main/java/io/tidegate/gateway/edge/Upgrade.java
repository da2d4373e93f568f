package io.tidegate.gateway.edge;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.address.Client;
import io.tidegate.gateway.address.Client.Problem;
import io.tidegate.gateway.address.ClientAddresses;
import io.tidegate.gateway.address.IpAddresses;
import io.tidegate.gateway.auth.AuthException;
import io.tidegate.gateway.auth.AuthSettings;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.OriginPolicy;
import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.session.Connection;
import io.tidegate.gateway.session.RawRoute;
import io.tidegate.gateway.session.RawUse;
import io.tidegate.gateway.session.SessionLoop;
import io.tidegate.gateway.session.SessionNode;
import io.tidegate.gateway.wire.Extensions;
import io.tidegate.gateway.wire.Handshake;
import io.tidegate.gateway.wire.Handshake.Fault;
import io.tidegate.gateway.wire.HttpAnswer;
import io.tidegate.gateway.wire.WebSocketConnection;
import io.tidegate.gateway.wire.WireLoop;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request for a connection, from its first line to the session or the refusal: is there room,
 * may this page, who is it, which protocol. Confined to its event loop.
 */
final class Upgrade {
  private static final Logger log = LoggerFactory.getLogger(Upgrade.class);

  private static final Client NOBODY = new Client(null, false, false, null);

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

  /** Takes a request whose head has been read, body or not, and answers it. */
  void handle(HttpServerRequest request, Handshake handshake) {
    long start = node.nanoTime().getAsLong();
    Client client = client(request);
    Route route = routes.find(request.path());
    Refused wrong = route == null ? Refused.NOT_FOUND : check(request, client);
    if (route == null || wrong != null) {
      refuse(handshake, client, requireNonNull(wrong), request.method());
    } else {
      // There is no body, so the end comes at once: Vert.x has then done all it does.
      request.endHandler(read -> enter(request, handshake, client, route, start));
    }
  }

  /** Answers a request that no more is known of. */
  void refuse(HttpServerRequest request, Handshake handshake, Refused refused) {
    refuse(handshake, client(request), refused, request.method());
  }

  /** Answers what is no request yet. */
  void fault(Handshake handshake, Fault fault) {
    Refused refused =
        switch (fault) {
          case LINE_TOO_LONG -> Refused.URI_TOO_LONG;
          case FIELDS_TOO_LONG -> Refused.HEADERS_TOO_LARGE;
          case LATE_REQUEST -> Refused.HANDSHAKE_TIMEOUT;
          case LATE_ANSWER -> Refused.AUTHENTICATION_TIMEOUT;
        };
    refuse(handshake, NOBODY, refused, HttpMethod.GET);
  }

  private void enter(
      HttpServerRequest request, Handshake handshake, Client client, Route route, long start) {
    Refused full = admission.enter(client);
    if (full != null) {
      refuse(handshake, client, full, HttpMethod.GET);
      return;
    }
    admitSafely(request, client, route)
        .onComplete(
            told ->
                wire.context()
                    .execute(
                        () -> {
                          if (told.succeeded()) {
                            accept(handshake, client, told.result(), start);
                          } else {
                            admission.release(client);
                            refuse(handshake, client, reason(client, told.cause()), HttpMethod.GET);
                          }
                        }));
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
    if (address == null) {
      return null;
    }
    // Of a link-local address the zone is our own interface.
    int zone = address.indexOf('%');
    return IpAddresses.parse(zone < 0 ? address : address.substring(0, zone));
  }

  private static @Nullable Refused check(HttpServerRequest request, Client client) {
    Refused wrong = UpgradeForm.checkUpgrade(request);
    if (wrong != null) {
      return wrong;
    }
    return client.problem() == Problem.CONFLICTING ? Refused.CONFLICTING_ADDRESSES : null;
  }

  private Future<Admitted> admitSafely(HttpServerRequest request, Client client, Route route) {
    try {
      return admit(request, client, route);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** What {@code parser} makes of the request, of which it tells by throwing that it is none. */
  private static <T> T parsed(Supplier<T> parser) {
    try {
      return parser.get();
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Refused.MALFORMED_REQUEST);
    }
  }

  private Future<Admitted> admit(HttpServerRequest request, Client client, Route route) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    boolean tls = request.isSSL() || client.https();
    if (!origins.allows(origin, request.getHeader(HttpHeaders.HOST), tls)) {
      return refused(Refused.ORIGIN_NOT_ALLOWED);
    }
    List<String> subprotocols = UpgradeForm.subprotocols(request);
    String subprotocol = route.choose(subprotocols);
    if (subprotocol == null && offersAny(subprotocols)) {
      return refused(Refused.UNSUPPORTED_SUBPROTOCOL);
    }
    MultiMap query = parsed(request::params);
    Set<String> found = tokens.read(request, subprotocols);
    if (found.size() > 1) {
      return refused(Refused.CONFLICTING_TOKENS);
    }
    List<String> extensions = request.headers().getAll("sec-websocket-extensions");
    Extensions offered = parsed(() -> Extensions.negotiate(extensions));
    Extensions agreed = node.outbound().compression().enabled() ? offered : Extensions.NONE;
    HttpAnswer answer = answer(request, subprotocol, agreed);
    ClientProtocol protocol = route.protocol(subprotocol);
    return identify(found, route)
        .map(
            identity ->
                new Admitted(
                    answer,
                    agreed,
                    protocol,
                    opening(route, protocol, query, identity.orElse(null))));
  }

  private static HttpAnswer answer(
      HttpServerRequest request, @Nullable String subprotocol, Extensions agreed) {
    HttpAnswer answer =
        new HttpAnswer(101)
            .header("Upgrade", "websocket")
            .header("Connection", "Upgrade")
            .header("Sec-WebSocket-Accept", UpgradeForm.accept(request));
    if (subprotocol != null) {
      answer.header("Sec-WebSocket-Protocol", subprotocol);
    }
    String extensions = agreed.answer();
    return extensions == null ? answer : answer.header("Sec-WebSocket-Extensions", extensions);
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

  private Consumer<Connection> opening(
      Route route, ClientProtocol protocol, MultiMap query, @Nullable Identity known) {
    RawRoute raw = route.raw();
    if (raw == null) {
      return connection -> loop.greet(connection, protocol, known);
    }
    Identity identity = known == null ? Identity.ANONYMOUS : known;
    RawUse use = new RawEntry(node.namespaces(), query::getAll, identity).into(raw);
    return connection -> loop.open(connection, protocol, identity, use);
  }

  private void accept(Handshake handshake, Client client, Admitted admitted, long start) {
    var made = new WebSocketConnection(wire, client, admitted.extensions());
    boolean accepted =
        handshake.accept(
            admitted.answer(),
            made,
            connection -> {
              node.metrics().connectionOpened(admitted.protocol().label(), transport);
              admitted.opening().accept(connection);
            },
            () -> admission.release(client));
    if (accepted) {
      node.metrics().upgradeSeconds((node.nanoTime().getAsLong() - start) / 1e9);
    } else {
      // The client has gone, or the deadline has answered.
      admission.release(client);
    }
  }

  private void refuse(Handshake handshake, Client client, Refused refused, HttpMethod method) {
    if (handshake.isPending()) {
      node.metrics().upgradeRefused(refused.label());
      log.debug("upgrade refused remote={} reason={}", client, refused.label());
      handshake.refuse(JsonAnswers.of(refused, method));
    }
  }

  /** A client that names protocols must get one of them, or it will not go on (section 4.1). */
  private static boolean offersAny(List<String> subprotocols) {
    return subprotocols.stream()
        .anyMatch(item -> !item.startsWith(UpgradeTokens.SUBPROTOCOL_PREFIX));
  }

  private static <T> Future<T> refused(Refused refused) {
    return Future.failedFuture(new RefusedException(refused));
  }

  private static Refused reason(Client client, Throwable e) {
    if (e instanceof RefusedException refused) {
      return refused.refused();
    }
    if (e instanceof AuthException auth) {
      return auth.reason() == AuthException.Reason.TOKEN_EXPIRED
          ? Refused.TOKEN_EXPIRED
          : Refused.INVALID_TOKEN;
    }
    log.error("upgrade failed remote={}", client, e);
    return Refused.INTERNAL;
  }

  /**
   * A client that is let in.
   *
   * @param protocol what is spoken with it
   * @param opening what to do with the connection, once it is one
   */
  private record Admitted(
      HttpAnswer answer,
      Extensions extensions,
      ClientProtocol protocol,
      Consumer<Connection> opening) {}
}
