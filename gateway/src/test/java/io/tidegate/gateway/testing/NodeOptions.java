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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What differs from node to node. */
public record NodeOptions(
    LocalStore store,
    List<Namespace> namespaces,
    SessionLimits limits,
    HeartbeatSettings heartbeat,
    Set<TokenSource> sources,
    boolean anonymous,
    Duration firstFrameTimeout,
    List<String> origins,
    int maxConnections,
    @Nullable TlsSettings tls,
    Proxies proxies,
    int perAddress,
    OutboundSettings outbound,
    @Nullable PersonalChannel personal,
    Door door) {
  public static NodeOptions of(LocalStore store) {
    return new NodeOptions(
        store,
        List.of(TestNode.OPEN),
        TestNode.LIMITS,
        new HeartbeatSettings(Duration.ofSeconds(25), Duration.ofSeconds(8)),
        EnumSet.allOf(TokenSource.class),
        false,
        Duration.ofSeconds(10),
        List.of(),
        1_000,
        null,
        new Proxies(false, List.of()),
        0,
        OutboundSettings.defaults(),
        null,
        new Door(Duration.ofSeconds(10), 1_000, jwt -> jwt));
  }

  public NodeOptions namespaces(Namespace... replaced) {
    return new NodeOptions(
        store,
        List.of(replaced),
        limits,
        heartbeat,
        sources,
        anonymous,
        firstFrameTimeout,
        origins,
        maxConnections,
        tls,
        proxies,
        perAddress,
        outbound,
        personal,
        door);
  }

  public NodeOptions limits(SessionLimits replaced) {
    return new NodeOptions(
        store,
        namespaces,
        replaced,
        heartbeat,
        sources,
        anonymous,
        firstFrameTimeout,
        origins,
        maxConnections,
        tls,
        proxies,
        perAddress,
        outbound,
        personal,
        door);
  }

  public NodeOptions heartbeat(Duration interval, Duration timeout) {
    return new NodeOptions(
        store,
        namespaces,
        limits,
        new HeartbeatSettings(interval, timeout),
        sources,
        anonymous,
        firstFrameTimeout,
        origins,
        maxConnections,
        tls,
        proxies,
        perAddress,
        outbound,
        personal,
        door);
  }

  public NodeOptions sources(Set<TokenSource> replaced, boolean anonymousToo) {
    return new NodeOptions(
        store,
        namespaces,
        limits,
        heartbeat,
        replaced,
        anonymousToo,
        firstFrameTimeout,
        origins,
        maxConnections,
        tls,
        proxies,
        perAddress,
        outbound,
        personal,
        door);
  }

  public NodeOptions firstFrameTimeout(Duration replaced) {
    return new NodeOptions(
        store,
        namespaces,
        limits,
        heartbeat,
        sources,
        anonymous,
        replaced,
        origins,
        maxConnections,
        tls,
        proxies,
        perAddress,
        outbound,
        personal,
        door);
  }

  public NodeOptions edge(
      List<String> allowedOrigins, int most, @Nullable TlsSettings certificate) {
    return new NodeOptions(
        store,
        namespaces,
        limits,
        heartbeat,
        sources,
        anonymous,
        firstFrameTimeout,
        allowedOrigins,
        most,
        certificate,
        proxies,
        perAddress,
        outbound,
        personal,
        door);
  }

  public NodeOptions behind(boolean proxyProtocol, String... networks) {
    return new NodeOptions(
        store,
        namespaces,
        limits,
        heartbeat,
        sources,
        anonymous,
        firstFrameTimeout,
        origins,
        maxConnections,
        tls,
        new Proxies(proxyProtocol, Stream.of(networks).map(Network::parse).toList()),
        perAddress,
        outbound,
        personal,
        door);
  }

  public NodeOptions perAddress(int most) {
    return new NodeOptions(
        store,
        namespaces,
        limits,
        heartbeat,
        sources,
        anonymous,
        firstFrameTimeout,
        origins,
        maxConnections,
        tls,
        proxies,
        most,
        outbound,
        personal,
        door);
  }

  public NodeOptions outbound(OutboundSettings replaced) {
    return new NodeOptions(
        store,
        namespaces,
        limits,
        heartbeat,
        sources,
        anonymous,
        firstFrameTimeout,
        origins,
        maxConnections,
        tls,
        proxies,
        perAddress,
        replaced,
        personal,
        door);
  }

  public NodeOptions personal(PersonalChannel replaced) {
    return new NodeOptions(
        store,
        namespaces,
        limits,
        heartbeat,
        sources,
        anonymous,
        firstFrameTimeout,
        origins,
        maxConnections,
        tls,
        proxies,
        perAddress,
        outbound,
        replaced,
        door);
  }

  /** How long and how many sockets may wait for their 101. */
  public NodeOptions door(Duration timeout, int most) {
    return door(new Door(timeout, most, door.authenticator));
  }

  /** What stands between a token and its identity. */
  public NodeOptions authenticator(UnaryOperator<Authenticator> between) {
    return door(new Door(door.timeout, door.most, between));
  }

  private NodeOptions door(Door replaced) {
    return new NodeOptions(
        store,
        namespaces,
        limits,
        heartbeat,
        sources,
        anonymous,
        firstFrameTimeout,
        origins,
        maxConnections,
        tls,
        proxies,
        perAddress,
        outbound,
        personal,
        replaced);
  }

  /** What a socket has to pass. */
  record Door(Duration timeout, int most, UnaryOperator<Authenticator> authenticator) {}

  /** What is in front of a node. */
  record Proxies(boolean protocol, List<Network> trusted) {}
}
