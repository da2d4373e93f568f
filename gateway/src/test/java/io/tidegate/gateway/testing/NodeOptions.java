package io.tidegate.gateway.testing;

import io.tidegate.backplane.local.LocalStore;
import io.tidegate.gateway.address.Network;
import io.tidegate.gateway.auth.Authenticator;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.PersonalChannel;
import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.edge.TlsSettings;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.session.HeartbeatSettings;
import io.tidegate.gateway.session.OutboundSettings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What differs from node to node. Immutable: what changes something changes a copy. */
public final class NodeOptions {
  private final LocalStore store;
  private List<Namespace> namespaces = List.of(TestNode.OPEN);
  private SessionLimits limits = TestNode.LIMITS;
  private HeartbeatSettings heartbeat =
      new HeartbeatSettings(Duration.ofSeconds(25), Duration.ofSeconds(8));
  private Set<TokenSource> sources = EnumSet.allOf(TokenSource.class);
  private boolean anonymous;
  private Duration firstFrameTimeout = Duration.ofSeconds(10);
  private List<String> origins = List.of();
  private int maxConnections = 1_000;
  private @Nullable TlsSettings tls;
  private Proxies proxies = new Proxies(false, List.of());
  private int perAddress;
  private OutboundSettings outbound = OutboundSettings.defaults();
  private @Nullable PersonalChannel personal;
  private Door door = new Door(Duration.ofSeconds(10), 1_000, jwt -> jwt);

  private NodeOptions(LocalStore store) {
    this.store = store;
  }

  public static NodeOptions of(LocalStore store) {
    return new NodeOptions(store);
  }

  private NodeOptions with(Consumer<NodeOptions> change) {
    var copy = new NodeOptions(store);
    copy.namespaces = namespaces;
    copy.limits = limits;
    copy.heartbeat = heartbeat;
    copy.sources = sources;
    copy.anonymous = anonymous;
    copy.firstFrameTimeout = firstFrameTimeout;
    copy.origins = origins;
    copy.maxConnections = maxConnections;
    copy.tls = tls;
    copy.proxies = proxies;
    copy.perAddress = perAddress;
    copy.outbound = outbound;
    copy.personal = personal;
    copy.door = door;
    change.accept(copy);
    return copy;
  }

  public NodeOptions namespaces(Namespace... replaced) {
    return with(copy -> copy.namespaces = List.of(replaced));
  }

  public NodeOptions limits(SessionLimits replaced) {
    return with(copy -> copy.limits = replaced);
  }

  public NodeOptions heartbeat(Duration interval, Duration timeout) {
    return with(copy -> copy.heartbeat = new HeartbeatSettings(interval, timeout));
  }

  public NodeOptions sources(Set<TokenSource> replaced, boolean anonymousToo) {
    return with(
        copy -> {
          copy.sources = replaced;
          copy.anonymous = anonymousToo;
        });
  }

  public NodeOptions firstFrameTimeout(Duration replaced) {
    return with(copy -> copy.firstFrameTimeout = replaced);
  }

  public NodeOptions edge(
      List<String> allowedOrigins, int most, @Nullable TlsSettings certificate) {
    return with(
        copy -> {
          copy.origins = allowedOrigins;
          copy.maxConnections = most;
          copy.tls = certificate;
        });
  }

  public NodeOptions behind(boolean proxyProtocol, String... networks) {
    return with(
        copy ->
            copy.proxies =
                new Proxies(proxyProtocol, Stream.of(networks).map(Network::parse).toList()));
  }

  public NodeOptions perAddress(int most) {
    return with(copy -> copy.perAddress = most);
  }

  public NodeOptions outbound(OutboundSettings replaced) {
    return with(copy -> copy.outbound = replaced);
  }

  public NodeOptions personal(PersonalChannel replaced) {
    return with(copy -> copy.personal = replaced);
  }

  /** How long and how many sockets may wait for their 101. */
  public NodeOptions door(Duration timeout, int most) {
    return with(copy -> copy.door = new Door(timeout, most, door.authenticator));
  }

  /** What stands between a token and its identity. */
  public NodeOptions authenticator(UnaryOperator<Authenticator> between) {
    return with(copy -> copy.door = new Door(door.timeout, door.most, between));
  }

  LocalStore store() {
    return store;
  }

  List<Namespace> namespaces() {
    return namespaces;
  }

  SessionLimits limits() {
    return limits;
  }

  HeartbeatSettings heartbeat() {
    return heartbeat;
  }

  public Set<TokenSource> sources() {
    return sources;
  }

  boolean anonymous() {
    return anonymous;
  }

  Duration firstFrameTimeout() {
    return firstFrameTimeout;
  }

  List<String> origins() {
    return origins;
  }

  int maxConnections() {
    return maxConnections;
  }

  @Nullable TlsSettings tls() {
    return tls;
  }

  Proxies proxies() {
    return proxies;
  }

  int perAddress() {
    return perAddress;
  }

  OutboundSettings outbound() {
    return outbound;
  }

  @Nullable PersonalChannel personal() {
    return personal;
  }

  Door door() {
    return door;
  }

  /** What a socket has to pass. */
  record Door(Duration timeout, int most, UnaryOperator<Authenticator> authenticator) {}

  /** What is in front of a node. */
  record Proxies(boolean protocol, List<Network> trusted) {}
}
