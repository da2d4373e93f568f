package io.tidegate.gateway.service;

import io.tidegate.backplane.ServiceInbox;
import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The services of a node, and what goes to which. Thread-safe. */
public final class Services {
  private final List<Service> services = new ArrayList<>();
  private final Map<String, ServiceCaller> callers = new HashMap<>();
  private final MethodRoutes<ServiceCaller> rpc;
  private final @Nullable ServiceCaller send;
  private final int callsInFlight;

  /**
   * Makes the ways to all services; connects to none.
   *
   * @param ids unguessable ids of messages
   * @throws IllegalArgumentException where a route leads to no service
   */
  public Services(
      ServicesSettings settings,
      String nodeId,
      Vertx vertx,
      ServiceInbox inbox,
      Metrics metrics,
      Clock clock,
      LongSupplier nanoTime,
      Supplier<String> ids) {
    for (ServiceSettings each : settings.services()) {
      Service service =
          each instanceof ServiceSettings.Http http
              ? new HttpService(http, nodeId, vertx, clock)
              : new StreamService((ServiceSettings.Stream) each, inbox);
      services.add(service);
      callers.put(each.name(), new ServiceCaller(each, service, metrics, clock, nanoTime, ids));
    }
    var routes = new HashMap<String, ServiceCaller>();
    settings.rpc().forEach((pattern, name) -> routes.put(pattern, named(name)));
    rpc = new MethodRoutes<>(routes);
    send = settings.send() == null ? null : named(settings.send());
    callsInFlight = settings.callsInFlight();
  }

  /** The service of that name; throws {@link IllegalArgumentException} where there is none. */
  public ServiceCaller named(String name) {
    ServiceCaller caller = callers.get(name);
    if (caller == null) {
      throw new IllegalArgumentException("service: '" + name + "' (expected: one of services)");
    }
    return caller;
  }

  /** Whether any method leads anywhere. */
  public boolean takesRpc() {
    return !rpc.isEmpty();
  }

  /** The service of {@code method}; absent where none is configured for it. */
  public @Nullable ServiceCaller rpc(String method) {
    return rpc.find(method);
  }

  /** The service of what clients send; absent where none is configured. */
  public @Nullable ServiceCaller send() {
    return send;
  }

  /** Messages of one connection that wait for services at most. */
  public int callsInFlight() {
    return callsInFlight;
  }

  /** Ends what is under way. */
  public Future<Void> close() {
    return Future.join(services.stream().map(Service::close).toList()).mapEmpty();
  }
}
