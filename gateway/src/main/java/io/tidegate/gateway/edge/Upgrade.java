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
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.session.Connection;
import io.tidegate.gateway.session.SessionLoop;
import io.tidegate.gateway.session.SessionNode;
import io.tidegate.gateway.wire.Handover;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.VertxConnection;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request for a connection, from its first line to the session or the refusal: is there room,
 * may this page, who is it, which protocol. Confined to its event loop.
 */
final class Upgrade {
  private static final Logger log = LoggerFactory.getLogger(Upgrade.class);

  static final String PATH = "/connection/websocket";

  private final SessionNode node;
  private final SessionLoop loop;
  private final ContextInternal context;
  private final Admission admission;
  private final ClientAddresses addresses;
  private final OriginPolicy origins;
  private final UpgradeTokens tokens;
  private final ClientProtocol json;
  private final String transport;

  Upgrade(
      SessionNode node,
      SessionLoop loop,
      ContextInternal context,
      Admission admission,
      ClientAddresses addresses,
      OriginPolicy origins,
      ClientProtocol json,
      String transport) {
    this.node = node;
    this.loop = loop;
    this.context = context;
    this.admission = admission;
    this.addresses = addresses;
    this.origins = origins;
    this.tokens = new UpgradeTokens(node.auth().sources());
    this.json = json;
    this.transport = transport;
  }

  void handle(HttpServerRequest request) {
    long start = node.nanoTime().getAsLong();
    Client client = client(request);
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
    List<String> subprotocols = subprotocols(request);
    identifySafely(request, client, subprotocols)
        .onSuccess(identity -> accept(request, client, identity.orElse(null), start))
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
    if (!request.path().equals(PATH)) {
      return Refused.NOT_FOUND;
    }
    if (!request.method().equals(HttpMethod.GET)) {
      return Refused.METHOD_NOT_ALLOWED;
    }
    if (!request.canUpgradeToWebSocket()) {
      return Refused.UPGRADE_REQUIRED;
    }
    return client.problem() == Problem.CONFLICTING ? Refused.CONFLICTING_ADDRESSES : null;
  }

  /** What the request says may be malformed in ways that Vert.x tells by throwing. */
  private Future<Optional<Identity>> identifySafely(
      HttpServerRequest request, Client client, List<String> subprotocols) {
    try {
      return identify(request, client, subprotocols);
    } catch (IllegalArgumentException e) {
      return refused(Refused.BAD_HANDSHAKE);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<Optional<Identity>> identify(
      HttpServerRequest request, Client client, List<String> subprotocols) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    boolean tls = request.isSSL() || client.https();
    if (!origins.allows(origin, request.getHeader(HttpHeaders.HOST), tls)) {
      return refused(Refused.ORIGIN_NOT_ALLOWED);
    }
    if (!speaksOne(subprotocols)) {
      return refused(Refused.UNSUPPORTED_SUBPROTOCOL);
    }
    Set<String> found = tokens.read(request, subprotocols);
    if (found.size() > 1) {
      return refused(Refused.CONFLICTING_TOKENS);
    }
    AuthSettings auth = node.auth();
    if (found.isEmpty()) {
      return auth.anonymous() || auth.sources().contains(TokenSource.FIRST_FRAME)
          ? Future.succeededFuture(Optional.empty())
          : refused(Refused.MISSING_TOKEN);
    }
    return node.authenticator().authenticate(found.iterator().next()).map(Optional::of);
  }

  private void accept(
      HttpServerRequest request, Client client, @Nullable Identity identity, long start) {
    var handover =
        Handover.prepare(((VertxConnection) request.connection()).channelHandlerContext());
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              take(handover, socket, client, identity);
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

  private void take(
      Handover handover, ServerWebSocket socket, Client client, @Nullable Identity identity) {
    var channel = ((WebSocketInternal) socket).channelHandlerContext();
    var limits = node.limits();
    Connection connection =
        handover.take(
            channel,
            context,
            client.toString(),
            limits.maxPayload(),
            limits.queueBytes(),
            () -> admission.release(client));
    node.metrics().connectionOpened(json.label(), transport);
    loop.greet(connection, json, identity);
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
  private static boolean speaksOne(List<String> subprotocols) {
    List<String> real =
        subprotocols.stream()
            .filter(item -> !item.startsWith(UpgradeTokens.SUBPROTOCOL_PREFIX))
            .toList();
    return real.isEmpty() || real.contains(EdgeServer.JSON_SUBPROTOCOL);
  }

  private static <T> Future<T> refused(Refused refused) {
    return Future.failedFuture(new RefusedException(refused));
  }

  private static Refused reason(Throwable e) {
    if (e instanceof RefusedException refused) {
      return refused.refused;
    }
    if (e instanceof AuthException auth) {
      return auth.reason() == AuthException.Reason.TOKEN_EXPIRED
          ? Refused.TOKEN_EXPIRED
          : Refused.INVALID_TOKEN;
    }
    return Refused.INTERNAL;
  }

  private static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final Refused refused;

    RefusedException(Refused refused) {
      super(refused.label(), null, false, false);
      this.refused = refused;
    }
  }
}
