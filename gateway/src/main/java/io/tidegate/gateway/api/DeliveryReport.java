package io.tidegate.gateway.api;

import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom a publication was for: the subscribers that the nodes count right after it was stored. Those
 * who came or went in between are counted or not; nobody has acknowledged anything.
 */
final class DeliveryReport {
  static final Field<Boolean> WANTED =
      Field.flag("report", "Whether the answer tells how many subscribers there were.");

  static final JsonBody SCHEMA =
      Schema.object(
          Map.of(
              "nodes", Schema.INTEGER,
              "connections", Schema.INTEGER,
              "silent", Schema.array(Schema.STRING),
              "unknown", Schema.BOOLEAN));

  /** Not even who the nodes are is known. */
  private static final JsonBody UNKNOWN = json -> json.writeBooleanField("unknown", true);

  private static final Logger log = LoggerFactory.getLogger(DeliveryReport.class);

  private final Cluster cluster;

  DeliveryReport(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * One report per channel, in their order; a node that does not answer is named in each. Never
   * fails, because the publication is stored: where nobody could be asked all nodes are silent.
   */
  Future<List<JsonBody>> of(List<String> channels) {
    return Future.succeededFuture(NodeCommands.subscribers(channels))
        .compose(cluster::ask)
        .recover(failure -> silence(failure))
        .map(answers -> of(channels, answers))
        .otherwise(channels.stream().map(channel -> UNKNOWN).toList());
  }

  private Future<List<NodeAnswer>> silence(Throwable failure) {
    log.debug("nodes not asked", failure);
    return cluster
        .nodes()
        .map(
            nodes ->
                nodes.stream().map(node -> new NodeAnswer(node.id(), null, "not asked")).toList());
  }

  private static List<JsonBody> of(List<String> channels, List<NodeAnswer> answers) {
    var nodes = new ArrayList<Map<String, Integer>>();
    var silent = new ArrayList<String>();
    for (NodeAnswer answer : answers) {
      try {
        if (answer.body() == null) {
          silent.add(answer.nodeId());
        } else {
          nodes.add(ChannelCounts.read(answer.body()).byName());
        }
      } catch (NotJsonException | ApiException e) {
        log.warn("answer of a node not understood node={}", answer.nodeId());
        silent.add(answer.nodeId());
      }
    }
    return channels.stream().map(channel -> body(channel, nodes, silent)).toList();
  }

  private static JsonBody body(
      String channel, List<Map<String, Integer>> nodes, List<String> silent) {
    int[] counts = nodes.stream().mapToInt(node -> node.getOrDefault(channel, 0)).toArray();
    return json -> {
      json.writeNumberField("nodes", Arrays.stream(counts).filter(count -> count > 0).count());
      json.writeNumberField("connections", Arrays.stream(counts).asLongStream().sum());
      if (!silent.isEmpty()) {
        json.writeArrayFieldStart("silent");
        for (String node : silent) {
          json.writeString(node);
        }
        json.writeEndArray();
      }
    };
  }
}
