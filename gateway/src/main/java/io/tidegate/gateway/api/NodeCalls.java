package io.tidegate.gateway.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The methods that look at every node. */
final class NodeCalls {
  private static final Logger log = LoggerFactory.getLogger(NodeCalls.class);

  private static final JsonBody NODE =
      Schema.object(
          Map.of(
              "uid", Schema.STRING,
              "name", Schema.STRING,
              "version", Schema.STRING,
              "uptime", Schema.INTEGER,
              "num_clients", Schema.INTEGER,
              "num_users", Schema.INTEGER,
              "num_channels", Schema.INTEGER,
              "num_subs", Schema.INTEGER));

  private final Cluster cluster;
  private final Clock clock;

  NodeCalls(Cluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  List<ApiMethod> methods() {
    JsonBody channel = Schema.object(Map.of("num_clients", Schema.INTEGER));
    return List.of(
        new ApiMethod(
            "channels",
            "Names the channels that have subscribers.",
            List.of(ChannelsQuery.PATTERN),
            Schema.object(Map.of("channels", Schema.byName(channel))),
            this::channels),
        new ApiMethod(
            "info",
            "Lists the nodes.",
            List.of(),
            Schema.object(Map.of("nodes", Schema.array(NODE))),
            this::info));
  }

  /** Fails where what was asked for has no whole answer, or where it would be too long. */
  private Future<JsonBody> channels(ApiCaller caller, Params params) {
    return cluster
        .ask(NodeCommands.channels(ChannelsQuery.of(caller, params)))
        .map(answers -> channels(Silence.requireAll(answers, Silence.REPEAT)));
  }

  private static JsonBody channels(List<Payload> answers) {
    var all = new TreeMap<String, Integer>();
    for (Payload answer : answers) {
      ApiException refusal = NodeReply.refusal(answer);
      if (refusal != null) {
        throw refusal;
      }
      try {
        ChannelCounts.read(answer).byName().forEach((name, n) -> all.merge(name, n, Integer::sum));
      } catch (NotJsonException e) {
        throw new ApiException(ErrorCode.INTERNAL, "a node of another version");
      }
    }
    if (all.size() > ChannelsQuery.MAX_NAMES) {
      throw ChannelsQuery.tooMany();
    }
    return json -> {
      json.writeObjectFieldStart("channels");
      for (Map.Entry<String, Integer> channel : all.entrySet()) {
        json.writeObjectFieldStart(channel.getKey());
        json.writeNumberField("num_clients", channel.getValue());
        json.writeEndObject();
      }
      json.writeEndObject();
    };
  }

  /** One that did not answer is there without its counts. */
  private Future<JsonBody> info(ApiCaller caller, Params params) {
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
      return answer == null ? null : NodeStats.read(answer);
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
      json.writeNumberField("num_subs", stats.subscriptions());
    }
  }
}
