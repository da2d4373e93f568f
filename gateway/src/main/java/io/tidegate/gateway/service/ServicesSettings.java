package io.tidegate.gateway.service;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Services, and what goes to which.
 *
 * @param rpc names of services by pattern of the method, see {@link MethodRoutes}
 * @param send name of the service that gets what clients send; absent for none
 * @param callsInFlight messages of one connection that wait for services at most
 */
public record ServicesSettings(
    List<ServiceSettings> services,
    Map<String, String> rpc,
    @Nullable String send,
    int callsInFlight) {
  public static final int CALLS_IN_FLIGHT = 32;

  /** No services. */
  public static final ServicesSettings NONE =
      new ServicesSettings(List.of(), Map.of(), null, CALLS_IN_FLIGHT);

  public ServicesSettings {
    services = List.copyOf(services);
    rpc = Map.copyOf(rpc);
    if (callsInFlight < 1) {
      throw new IllegalArgumentException("callsInFlight: " + callsInFlight + " (expected: >= 1)");
    }
  }
}
