package io.tidegate.gateway.config;

import static io.tidegate.gateway.config.Types.BOOL;
import static io.tidegate.gateway.config.Types.HOST_NAME;
import static io.tidegate.gateway.config.Types.NETWORK;
import static io.tidegate.gateway.config.Types.PORT;
import static io.tidegate.gateway.config.Types.TEXT;
import static io.tidegate.gateway.config.Types.count;
import static io.tidegate.gateway.config.Types.duration;
import static io.tidegate.gateway.config.Types.size;

import io.tidegate.gateway.address.Network;
import io.tidegate.gateway.edge.DrainSettings;
import io.tidegate.gateway.edge.ListenSettings;
import io.tidegate.gateway.limits.FrameLimits;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.ops.OpsSettings;
import io.tidegate.gateway.protocol.Compression;
import io.tidegate.gateway.service.ServicesSettings;
import io.tidegate.gateway.session.HeartbeatSettings;
import io.tidegate.gateway.session.OutboundSettings;
import io.tidegate.gateway.wire.SocketTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Every key, each declared once: its name, type, default and text. Reading, the names of variables,
 * masking, the search for unknown keys and the reference all follow from these lines.
 */
final class ConfigKeys {
  static final Duration SECOND = Duration.ofSeconds(1);
  static final Duration HOUR = Duration.ofHours(1);
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  static final String PORT_TEXT = "Port to listen on; 0 takes any free one.";

  private final Section root;
  private final Path base;
  private final String hostName;

  /**
   * Reads from {@code root}.
   *
   * @param base directory at which relative paths of files begin
   * @param hostName of this machine
   */
  ConfigKeys(Section root, Path base, String hostName) {
    this.root = root;
    this.base = base;
    this.hostName = hostName;
  }

  Optional<Config> read() {
    Section node = root.section("node", "This node.");
    String name =
        node.optional(
            "name", TEXT, "What people call the node. Where absent, host name and public port.");
    Section listenKeys = root.section("listen", "The public port, for clients.");
    Section tlsKeys = listenKeys.section("tls", "The public port's certificate.");
    var outbound = outbound(listenKeys);
    var internal =
        InternalKeys.read(root.section("internal", "The internal port, for your services."));
    var ops = ops(root.section("ops", "The ops port: `/metrics`, `/live`, `/ready`. No secrets."));
    var auth = AuthKeys.read(root.section("auth", "How clients say who they are."), base);
    Section channelKeys = root.section("channels", "What may be done in which channels.");
    var namespaces = ChannelKeys.read(channelKeys);
    var personal = ChannelKeys.personal(channelKeys, namespaces);
    Section limitKeys =
        root.section("limits", "Bounds, each of one connection unless it says more.");
    int connections =
        limitKeys.value(
            "max_connections",
            count(1, 10_000_000),
            "100000",
            "Connections of this node; above it an upgrade is answered 503.");
    int perAddress =
        limitKeys.value(
            "connections_per_address",
            count(0, 10_000_000),
            "0",
            "Connections of one client address to this node, of IPv6 one /64; above it an upgrade is"
                + " answered 429. As many sockets again may wait for their 101. 0 for no limit. Behind a balancer it needs `listen.trusted_proxies`,"
                + " whose own addresses are not counted.");
    int handshakes =
        limitKeys.value(
            "max_handshakes",
            count(1, 10_000_000),
            "10000",
            "Sockets of this node that have not been answered 101 yet; above it a new one is cut"
                + " before TLS.");
    int calls =
        limitKeys.value(
            "calls_in_flight",
            count(1, 128),
            Integer.toString(ServicesSettings.CALLS_IN_FLIGHT),
            "Commands `rpc` and `send` of one connection that wait for services; above it they fail"
                + " with 111.");
    var limits = limits(limitKeys);
    var listen = listen(listenKeys, tlsKeys, connections, perAddress, handshakes);
    var heartbeat = heartbeat(root.section("heartbeat", "How dead clients are found."));
    var drain = drain(root.section("drain", "How the node stops on SIGTERM."));
    var backplane =
        BackplaneKeys.read(
            root.section("backplane", "What connects the nodes of a cluster."), base);
    var services = ServiceKeys.read(root, base, calls);
    var raw = RawKeys.read(root, namespaces, root.names("services"));
    return root.build(
        () ->
            new Config(
                name != null ? name : hostName + ":" + listen.orElseThrow().port(),
                listen.orElseThrow(),
                internal.orElseThrow(),
                ops.orElseThrow(),
                auth.orElseThrow(),
                namespaces.orElseThrow(),
                personal.orElse(null),
                limits.orElseThrow(),
                heartbeat.orElseThrow(),
                outbound.orElseThrow(),
                drain.orElseThrow(),
                backplane.orElseThrow(),
                services.orElseThrow(),
                raw.orElseThrow()));
  }

  private Optional<ListenSettings> listen(
      Section keys, Section tlsKeys, int maxConnections, int perAddress, int handshakes) {
    String host = keys.value("host", HOST_NAME, "0.0.0.0", "Address to listen on.");
    int port = keys.value("port", PORT, "8443", PORT_TEXT);
    SocketTransport transport =
        keys.value(
            "transport",
            Types.oneOf(SocketTransport.class),
            "auto",
            "By which of the system's interfaces sockets are read and written: `epoll`, `nio`, or"
                + " `io_uring`, which containers often forbid. `auto` is `epoll` where it works, or"
                + " else `nio`; one that is named has to work.");
    boolean plaintext =
        keys.value(
            "plaintext",
            BOOL,
            "false",
            "No TLS: for a port that only a balancer which ends TLS can reach.");
    List<String> origins =
        keys.list(
            "origins",
            Types.ORIGIN,
            List.of(),
            "Pages that may connect: `https://*.example.com` for all subdomains, `*` for all but"
                + " opaque origins, which are `\"null\"`. Empty lets in pages of the own host only."
                + " Clients that are no browsers send no origin and are not asked.");
    boolean proxyProtocol =
        keys.value(
            "proxy_protocol",
            BOOL,
            "false",
            "Each of `trusted_proxies` begins its connections with a PROXY header, version 1 or 2, before"
                + " TLS; nobody else may.");
    List<Network> proxies =
        keys.list(
            "trusted_proxies",
            NETWORK,
            List.of(),
            "Balancers whose word on clients' addresses is believed: PROXY headers, `X-Forwarded-For`,"
                + " `Forwarded`, `X-Forwarded-Proto`. Whoever is in there may claim to be anybody.");
    Duration handshakeTimeout =
        keys.value(
            "handshake_timeout",
            duration(Duration.ofMillis(100), HOUR),
            "10s",
            "From accepting a socket to its 101: PROXY header, TLS, request and the check of its token"
                + " together. Then it is answered 408 or 503, or cut.");
    var tls = TlsKeys.read(tlsKeys, base);
    boolean given = tlsKeys.isSet("certificate") || tlsKeys.isSet("key");
    if (plaintext == given) {
      keys.problem(
          given ? "plaintext" : "tls",
          given ? "'true'" : "missing",
          given
              ? "false beside listen.tls, or no listen.tls"
              : "certificate and key, or listen.plaintext: true");
    }
    return keys.build(
        () ->
            new ListenSettings(
                host,
                port,
                transport,
                tls.orElse(null),
                plaintext,
                origins,
                proxyProtocol,
                proxies,
                maxConnections,
                perAddress,
                handshakes,
                handshakeTimeout));
  }

  private static Optional<OutboundSettings> outbound(Section keys) {
    Duration delay =
        keys.value(
            "flush_delay",
            duration(Duration.ZERO, Duration.ofMillis(100)),
            "0s",
            "How long a publication may wait at this node for others to share a frame and a system call"
                + " with; the first subscription to a channel waits as long.");
    Section deflate =
        keys.section(
            "compression", "permessage-deflate (RFC 7692), without context takeover either way.");
    boolean enabled =
        deflate.value("enabled", BOOL, "false", "Whether clients that offer it get it.");
    int threshold =
        deflate.value(
            "threshold", size(1, MIB), "256B", "Size of the smallest message that is compressed.");
    int level =
        deflate.value("level", count(1, 9), "1", "Of deflate, from 1 for fast to 9 for small.");
    return deflate.build(
        () -> new OutboundSettings(delay, new Compression(enabled, threshold, level)));
  }

  private static Optional<OpsSettings> ops(Section keys) {
    String host = keys.value("host", HOST_NAME, "0.0.0.0", "Address to listen on.");
    int port = keys.value("port", PORT, "9001", PORT_TEXT);
    return keys.build(() -> new OpsSettings(host, port));
  }

  private static Optional<SessionLimits> limits(Section keys) {
    int payload =
        keys.value(
            "max_payload",
            size(128, 64 * MIB),
            "64KiB",
            "Size of one message from a client; above it the connection closes with 1009.");
    int messages =
        keys.value(
            "messages_per_second",
            count(0, 1_000_000),
            "50",
            "Sustained rate of commands; above it they fail with 111. 0 for no limit.");
    int bytes =
        keys.value(
            "bytes_per_second",
            size(0, 1024 * MIB),
            "256KiB",
            "Sustained rate of bytes, likewise. 0 for no limit.");
    Duration burst =
        keys.value(
            "burst",
            duration(SECOND, HOUR),
            "2s",
            "For how long a connection may be ahead of both rates; whole seconds.");
    int violations =
        keys.value(
            "violations",
            count(1, 1_000_000),
            "100",
            "Refused commands within ten seconds after which the connection closes with 3013.");
    int failedCommands =
        keys.value(
            "failed_commands",
            count(1, 1_000_000),
            Integer.toString(SessionLimits.FAILED_COMMANDS),
            "Commands within ten seconds that failed, and would again, after which the connection"
                + " closes with 3509.");
    int subscriptions =
        keys.value(
            "subscriptions_per_connection",
            count(1, 100_000),
            "128",
            "Channels of one connection; above it a subscribe fails with 106.");
    int channelLength =
        keys.value(
            "channel_length",
            count(1, 1024),
            "255",
            "Bytes of a channel's name; above it a command fails with 107.");
    int queue =
        keys.value(
            "queue_bytes",
            size(4 * KIB, 1024 * MIB),
            "1MiB",
            "Bytes that may wait for a slow client; above it the connection closes with 3008.");
    int fragments =
        keys.value(
            "fragments_per_message",
            count(1, 1_000_000),
            Integer.toString(FrameLimits.DEFAULT.fragmentsPerMessage()),
            "Frames of one message; above it the connection closes with 1008.");
    int controlFrames =
        keys.value(
            "control_frames_per_second",
            count(0, 1_000_000),
            Integer.toString(FrameLimits.DEFAULT.controlFramesPerSecond()),
            "Sustained rate of WebSocket pings and pongs, of which two seconds' worth may come at"
                + " once; above it the connection closes with 3013. 0 for no limit.");
    return keys.build(
        () ->
            new SessionLimits(
                payload,
                messages,
                bytes,
                Math.toIntExact(burst.toSeconds()),
                violations,
                failedCommands,
                subscriptions,
                channelLength,
                queue,
                new FrameLimits(fragments, controlFrames)));
  }

  private static Optional<HeartbeatSettings> heartbeat(Section keys) {
    Duration interval =
        keys.value("interval", duration(SECOND, HOUR), "25s", "Time between the node's pings.");
    Duration timeout =
        keys.value(
            "timeout",
            duration(SECOND, HOUR),
            "8s",
            "How long the answer may take, below `interval`; then the connection closes with 3012.");
    return keys.build(() -> new HeartbeatSettings(interval, timeout));
  }

  private static Optional<DrainSettings> drain(Section keys) {
    Duration delay =
        keys.value(
            "delay",
            duration(Duration.ZERO, HOUR),
            "2s",
            "How long `/ready` says no before the first connection is closed.");
    Duration window =
        keys.value(
            "window",
            duration(Duration.ZERO, HOUR),
            "10s",
            "Over which the closes are spread, so that the other nodes are not overrun.");
    Duration deadline =
        keys.value(
            "deadline",
            duration(Duration.ZERO, HOUR),
            "25s",
            "After which, counted from the signal, whatever is left is cut.");
    return keys.build(() -> new DrainSettings(delay, window, deadline));
  }
}
