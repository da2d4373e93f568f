package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneNode;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.metrics.Metrics;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The methods of the server API by name, apart from how they are carried. To be called on an event
 * loop; the answers come on it.
 */
public final class ApiMethods {
  /** The names of all methods. */
  public static final Set<String> NAMES =
      Set.of(
          "publish",
          "broadcast",
          "presence",
          "presence_stats",
          "history",
          "history_remove",
          "subscribe",
          "unsubscribe",
          "disconnect",
          "refresh",
          "send",
          "channels",
          "info",
          "batch");

  private final Map<String, ApiMethod> methods = new LinkedHashMap<>();

  public ApiMethods(
      BackplaneNode node,
      Namespaces namespaces,
      Metrics metrics,
      Clock clock,
      LongSupplier nanoTime) {
    requireNonNull(node, "node");
    var channels = new Channels(namespaces, metrics);
    var reports = new DeliveryReport(node.cluster());
    add(new Publishing(channels, node.backplane(), reports, metrics, nanoTime).methods());
    add(new ChannelReads(channels, node.backplane(), node.presence()).methods());
    add(new SessionCalls(channels, node.cluster()).methods());
    add(new NodeCalls(node.cluster(), clock).methods());
    add(List.of(new Batch(methods, metrics).method()));
    if (!methods.keySet().equals(NAMES)) {
      throw new IllegalStateException("NAMES: " + NAMES + " (expected: " + methods.keySet() + ")");
    }
  }

  private void add(List<ApiMethod> more) {
    more.forEach(method -> methods.put(method.name(), method));
  }

  /** All methods. */
  Collection<ApiMethod> all() {
    return methods.values();
  }

  /** The method of that name; absent where there is none. */
  @Nullable ApiMethod find(String name) {
    return methods.get(name);
  }
}
