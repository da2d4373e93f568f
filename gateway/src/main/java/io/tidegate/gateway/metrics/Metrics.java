package io.tidegate.gateway.metrics;

import static java.util.Objects.requireNonNull;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.tidegate.backplane.BackplaneMetrics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/**
 * Every metric of a node, by name. Thread-safe, never blocks, never throws for what it is told.
 *
 * <p>Label values come from closed tables of the callers (close codes, commands, reasons): never a
 * channel, user or connection. What hot paths use is resolved once; per subscriber there is
 * nothing.
 */
public final class Metrics {
  /** Who published. */
  public enum Origin {
    CLIENT,
    API
  }

  /** How an attempt to go on from a position ended. */
  public enum Recovery {
    /** Something was missed, and all of it was sent. */
    RECOVERED,
    /** The position was still the top: nothing was missed. */
    NONE_MISSED,
    /** Something was missed that is not there any more; the client was told so. */
    UNRECOVERABLE
  }

  /** Values that another part of the node owns; read when somebody scrapes. */
  public enum Level {
    CONNECTIONS("connections", "Open connections."),
    HANDSHAKES("handshakes", "Sockets of the public port that have no 101 yet."),
    SUBSCRIPTIONS("subscriptions", "Subscriptions of all connections."),
    CHANNELS("channels", "Channels with at least one subscriber on this node."),
    OUTBOX_BYTES("outbox_bytes", "Bytes waiting for clients that read slower than we write."),
    READY("ready", "1 while this node wants clients, as /ready says, else 0."),
    DRAIN_STATE("drain_state", "0 serving, 1 not ready, 2 closing connections, 3 stopped."),
    CANARY_AGE_SECONDS(
        "canary_age_seconds", "Seconds since this node last heard its own publication.");

    private final String metric;
    private final String help;

    Level(String metric, String help) {
      this.metric = metric;
      this.help = help;
    }
  }

  /** Deliveries of one protocol. Resolve it once with {@link #delivered(String)} and keep it. */
  public static final class Delivered {
    private final Counter.Child deliveries;
    private final Counter.Child bytes;

    private Delivered(Counter.Child deliveries, Counter.Child bytes) {
      this.deliveries = deliveries;
      this.bytes = bytes;
    }

    /** Counts what one pass wrote, over all its connections. */
    public void add(long deliveries, long bytes) {
      this.deliveries.inc((double) deliveries);
      this.bytes.inc((double) bytes);
    }
  }

  private record CommandMeters(Counter.Child ok, Histogram.Child seconds) {}

  private static final String PREFIX = "tidegate_";
  private static final double[] QUICK = {
    .00001, .000025, .00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1
  };
  private static final double[] NETWORK = {
    .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10
  };

  private final CollectorRegistry registry;

  private final Counter connectionsOpened;
  private final Counter connectionsClosed;
  private final Counter upgradesRefused;
  private final Histogram.Child upgradeSeconds;
  private final Counter proxyHeadersRefused;
  private final Counter forwardedIgnored;

  private final Map<Origin, Counter.Child> publications;
  private final Counter deliveries;
  private final Counter.Child deliveryBytes;
  private final Histogram.Child broadcastSeconds;
  private final Histogram.Child publishToDeliverSeconds;
  private final Counter slowConsumers;

  private final Counter limitHits;
  private final Counter commands;
  private final Histogram commandSeconds;
  private final ConcurrentHashMap<String, CommandMeters> commandMeters = new ConcurrentHashMap<>();
  private final Map<Recovery, Counter.Child> recoveries;

  private final Counter unsubscribes;

  private final Histogram.Child backplanePublishSeconds;
  private final BackplaneMetrics backplane;

  private final Counter serviceRequests;
  private final Histogram serviceSeconds;
  private final Gauge serviceInflight;

  private final Counter apiRequests;
  private final Histogram apiRequestSeconds;

  private final Histogram.Child eventLoopLag;
  private final Gauge buildInfo;

  public Metrics(CollectorRegistry registry) {
    this.registry = requireNonNull(registry, "registry");
    connectionsOpened =
        counter("connections_opened_total", "Connections opened.", "protocol", "transport");
    connectionsClosed =
        counter("connections_closed_total", "Connections closed, by close code.", "reason");
    upgradesRefused =
        counter("upgrades_refused_total", "Upgrade requests answered without a 101.", "reason");
    upgradeSeconds =
        histogram("upgrade_seconds", "From the upgrade request to the 101.", NETWORK).labels();

    proxyHeadersRefused =
        counter("proxy_headers_refused_total", "Connections closed at the PROXY header.", "reason");
    forwardedIgnored =
        counter(
            "forwarded_ignored_total",
            "Requests whose forwarded headers were not believed, or not all of them.",
            "reason");

    Counter byOrigin =
        counter("publications_total", "Publications accepted by this node.", "origin");
    publications = children(Origin.class, byOrigin);
    deliveries = counter("deliveries_total", "Pushes handed to connections.", "protocol");
    deliveryBytes =
        counter("delivery_bytes_total", "Bytes of pushes handed to connections.").labels();
    broadcastSeconds =
        histogram("broadcast_seconds", "One pass over what a loop had to deliver.", QUICK).labels();
    publishToDeliverSeconds =
        histogram(
                "publish_to_deliver_seconds",
                "From the store's time of a publication until an event loop takes it.",
                NETWORK)
            .labels();
    slowConsumers =
        counter("slow_consumers_total", "Connections whose outbox reached its bound.", "policy");
    slowConsumers.labels("disconnect"); // There from the first scrape on.

    limitHits = counter("limit_hits_total", "Refusals because a limit was reached.", "limit");
    commands = counter("commands_total", "Commands of clients.", "command", "outcome");
    commandSeconds =
        histogram("command_seconds", "From a command's frame to its reply.", NETWORK, "command");
    Counter byOutcome =
        counter("recoveries_total", "Attempts of clients to go on from a position.", "outcome");
    recoveries = children(Recovery.class, byOutcome);

    unsubscribes = counter("unsubscribes_total", "Subscriptions that this node ended.", "code");

    backplanePublishSeconds =
        histogram(
                "backplane_publish_seconds",
                "From handing a publication to the backplane to its position.",
                NETWORK)
            .labels();
    backplane =
        new PrometheusBackplaneMetrics(
            gauge("backplane_up", "1 while the store answers this node, else 0."),
            counter("backplane_reconnects_total", "Links to the store made again."),
            counter("backplane_received_total", "Publications received for this node's channels."),
            counter(
                "backplane_refilled_total",
                "Publications that missed their way and were read from history."),
            counter("gaps_total", "Channels whose subscribers may have missed something.", "cause"),
            counter("epoch_forks_total", "Streams that took a new epoch.", "cause"),
            counter("presence_reaped_total", "Presence entries removed for dead nodes."),
            gauge("presence_members", "Presence entries held by this node."));

    serviceRequests =
        counter("service_requests_total", "Messages to services.", "service", "outcome");
    serviceSeconds =
        histogram(
            "service_seconds", "From taking a message to a service's answer.", NETWORK, "service");
    serviceInflight =
        gauge("service_inflight", "Messages that wait for a service's answer.", "service");

    apiRequests = counter("api_requests_total", "Server API requests.", "method", "key", "outcome");
    apiRequestSeconds =
        histogram("api_request_seconds", "Time to answer a server API request.", NETWORK, "method");

    eventLoopLag =
        histogram("event_loop_lag_seconds", "How late event loops run their timers.", NETWORK)
            .labels();
    buildInfo =
        gauge("build_info", "What runs here; always 1.", "version", "java", "transport", "tls");
  }

  /** {@code transport} is {@code ws} or {@code wss}. */
  public void connectionOpened(String protocol, String transport) {
    connectionsOpened.labels(protocol, transport).inc();
  }

  public void connectionClosed(String reason) {
    connectionsClosed.labels(reason).inc();
  }

  public void upgradeRefused(String reason) {
    upgradesRefused.labels(reason).inc();
  }

  public void proxyHeaderRefused(String reason) {
    proxyHeadersRefused.labels(reason).inc();
  }

  public void forwardedIgnored(String reason) {
    forwardedIgnored.labels(reason).inc();
  }

  public void upgradeSeconds(double seconds) {
    upgradeSeconds.observe(seconds);
  }

  public void publication(Origin origin) {
    child(publications, origin).inc();
  }

  /** The counters of one protocol, to be kept by who delivers. */
  public Delivered delivered(String protocol) {
    return new Delivered(deliveries.labels(protocol), deliveryBytes);
  }

  public void broadcastSeconds(double seconds) {
    broadcastSeconds.observe(seconds);
  }

  /** Negative where clocks disagree, which counts as 0. */
  public void publishToDeliverSeconds(double seconds) {
    publishToDeliverSeconds.observe(Math.max(0, seconds));
  }

  public void slowConsumer(String policy) {
    slowConsumers.labels(policy).inc();
  }

  public void limitHit(String limit) {
    limitHits.labels(limit).inc();
  }

  /** {@code outcome} is {@code ok} or the lower-case name of the error. */
  public void command(String name, String outcome, double seconds) {
    CommandMeters meters = commandMeters.get(name);
    if (meters == null) {
      meters = commandMeters.computeIfAbsent(name, this::metersOf);
    }
    (outcome.equals("ok") ? meters.ok() : commands.labels(name, outcome)).inc();
    meters.seconds().observe(seconds);
  }

  public void recovery(Recovery outcome) {
    child(recoveries, outcome).inc();
  }

  /** {@code code} is the lower-case name of an unsubscribe code. */
  public void unsubscribed(String code) {
    unsubscribes.labels(code).inc();
  }

  public void backplanePublishSeconds(double seconds) {
    backplanePublishSeconds.observe(seconds);
  }

  /** Where a backplane reports to. */
  public BackplaneMetrics backplane() {
    return backplane;
  }

  /** {@code service} is a configured name; to be followed by {@link #serviceEnds}. */
  public void serviceBegins(String service) {
    serviceInflight.labels(service).inc();
  }

  public void serviceEnds(String service, String outcome, double seconds) {
    serviceInflight.labels(service).dec();
    serviceRequests.labels(service, outcome).inc();
    serviceSeconds.labels(service).observe(seconds);
  }

  /**
   * Counts a request.
   *
   * @param key whose call it was: a configured name, or one of the gateway's own
   * @param outcome {@code ok} or the lower-case name of the error
   */
  public void apiRequest(String method, String key, String outcome, double seconds) {
    apiRequests.labels(method, key, outcome).inc();
    apiRequestSeconds.labels(method).observe(seconds);
  }

  public void eventLoopLag(double seconds) {
    eventLoopLag.observe(seconds);
  }

  public void buildInfo(String version, String java, String transport, String tls) {
    buildInfo.labels(version, java, transport, tls).set(1);
  }

  /** Publishes a value that its owner keeps; once per level. {@code value} must not block. */
  public void level(Level level, DoubleSupplier value) {
    Gauge ignored =
        Gauge.build(PREFIX + level.metric, level.help)
            .create()
            .<Gauge>setChild(
                new Gauge.Child() {
                  @Override
                  public double get() {
                    return value.getAsDouble();
                  }
                })
            .register(registry);
  }

  /** One child per constant, labelled with its lower-case name, there from the first scrape on. */
  static <E extends Enum<E>> Map<E, Counter.Child> children(Class<E> labels, Counter counter) {
    var children = new EnumMap<E, Counter.Child>(labels);
    for (E label : labels.getEnumConstants()) {
      children.put(label, counter.labels(label.name().toLowerCase(Locale.ROOT)));
    }
    return children;
  }

  static <E extends Enum<E>> Counter.Child child(Map<E, Counter.Child> children, E label) {
    return requireNonNull(children.get(label));
  }

  private CommandMeters metersOf(String command) {
    return new CommandMeters(commands.labels(command, "ok"), commandSeconds.labels(command));
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.build(PREFIX + name, help).labelNames(labels).register(registry);
  }

  private Gauge gauge(String name, String help, String... labels) {
    return Gauge.build(PREFIX + name, help).labelNames(labels).register(registry);
  }

  private Histogram histogram(String name, String help, double[] buckets, String... labels) {
    return Histogram.build(PREFIX + name, help)
        .labelNames(labels)
        .buckets(buckets)
        .register(registry);
  }
}
