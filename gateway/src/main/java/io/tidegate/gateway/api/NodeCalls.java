package io.tidegate.gateway.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The methods that every node has to take part in. */
final class NodeCalls {
  private static final Logger log = LoggerFactory.getLogger(NodeCalls.class);

  private final Cluster cluster;
  private final Clock clock;

  NodeCalls(Cluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  /**
   * Disconnects a user everywhere. Where a node did not answer the call fails with the temporary
   * error, so that the caller repeats it: done twice it does no harm.
   */
  Future<JsonBody> disconnect(Params params) {
    return cluster
        .ask(NodeCommands.disconnect(NodeCommands.disconnectRequest(params)))
        .map(NodeCalls::requireAll);
  }

  private static JsonBody requireAll(List<NodeAnswer> answers) {
    long silent = answers.stream().filter(answer -> answer.body() == null).count();
    if (silent > 0) {
      throw new ApiException(
          ErrorCode.INTERNAL,
          silent + " of " + answers.size() + " nodes did not answer; repeat the call");
    }
    return json -> {};
  }

  /** Lists the nodes; one that did not answer is there without its counts. */
  Future<JsonBody> info(Params params) {
    Future<List<NodeInfo>> nodes = cluster.nodes();
    Future<List<NodeAnswer>> answers = cluster.ask(NodeCommands.stats());
    return nodes.compose(list -> answers.map(stats -> list(list, byNode(stats))));
  }

  private static Map<String, Payload> byNode(List<NodeAnswer> answers) {
    var bodies = new HashMap<String, Payload>();
    for (NodeAnswer answer : answers) {
      if (answer.body() != null) {
        bodies.put(answer.nodeId(), answer.body());
      }
    }
    return bodies;
  }

  private JsonBody list(List<NodeInfo> nodes, Map<String, Payload> answers) {
    long now = clock.millis();
    return json -> {
      json.writeArrayFieldStart("nodes");
      for (NodeInfo node : nodes) {
        json.writeStartObject();
        json.writeStringField("uid", node.id());
        json.writeStringField("name", node.name());
        json.writeStringField("version", node.version());
        json.writeNumberField("uptime", Math.max(0, now - node.startedMillis()) / 1000);
        write(json, stats(node, answers.get(node.id())));
        json.writeEndObject();
      }
      json.writeEndArray();
    };
  }

  private static @Nullable NodeStats stats(NodeInfo node, @Nullable Payload answer) {
    try {
      return answer == null ? null : NodeCommands.statsOf(answer);
    } catch (NotJsonException | ApiException e) {
      log.warn("answer of a node not understood node={} version={}", node.id(), node.version());
      return null;
    }
  }

  private static void write(JsonGenerator json, @Nullable NodeStats stats) throws IOException {
    if (stats != null) {
      json.writeNumberField("num_clients", stats.clients());
      json.writeNumberField("num_users", stats.users());
      json.writeNumberField("num_channels", stats.channels());
    }
  }
}
