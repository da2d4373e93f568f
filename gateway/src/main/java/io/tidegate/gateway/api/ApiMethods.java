package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneNode;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The methods of the server API by name, apart from how they are carried. To be called on an event
 * loop; the answers come on it.
 */
public final class ApiMethods {
  private final Map<String, ApiMethod> methods;

  public ApiMethods(
      BackplaneNode node,
      Namespaces namespaces,
      Metrics metrics,
      Clock clock,
      LongSupplier nanoTime) {
    requireNonNull(node, "node");
    var channels = new Channels(namespaces, metrics);
    var publishing = new Publishing(channels, node.backplane(), metrics, nanoTime);
    var reads = new ChannelReads(channels, node.backplane(), node.presence());
    var nodes = new NodeCalls(node.cluster(), clock);
    this.methods =
        Map.of(
            "publish", publishing::publish,
            "broadcast", publishing::broadcast,
            "presence", reads::presence,
            "presence_stats", reads::presenceStats,
            "history", reads::history,
            "disconnect", nodes::disconnect,
            "info", nodes::info);
  }

  /** The names of all methods. */
  Set<String> names() {
    return methods.keySet();
  }

  /** The method of that name; absent where there is none. */
  @Nullable ApiMethod find(String name) {
    ApiMethod method = methods.get(name);
    return method == null ? null : params -> call(method, params);
  }

  private static Future<JsonBody> call(ApiMethod method, Params params) {
    try {
      return method.call(params);
    } catch (ApiException e) {
      return Future.failedFuture(e);
    }
  }
}
