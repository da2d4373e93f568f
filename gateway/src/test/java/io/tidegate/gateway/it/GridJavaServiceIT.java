package io.tidegate.gateway.it;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.hazelcast.HazelcastNode;
import io.tidegate.backplane.hazelcast.HazelcastSettings;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** On the embedded grid. */
final class GridJavaServiceIT extends JavaServiceSuite {
  private static final Pattern GRID =
      Pattern.compile("cluster: (\\S+),.*members: \\[(.+)]", Pattern.DOTALL);

  private final List<String> members = new ArrayList<>();
  private String cluster = "";

  @Override
  List<NodeConfig> cluster(String... names) {
    List<NodeConfig> configs = NodeConfig.cluster(names);
    MatchResult grid = GRID.matcher(configs.get(0).backplane()).results().findFirst().orElseThrow();
    cluster = grid.group(1);
    members.addAll(List.of(grid.group(2).split(", ")));
    return configs;
  }

  @Override
  BackplaneNode serviceNode(Vertx vertx, NodeInfo info, SecureRandom random) {
    var settings =
        new HazelcastSettings(
            cluster, "127.0.0.1", Ports.free(), 1, members, 1, Duration.ofSeconds(5), 10_000);
    return HazelcastNode.forService(
        vertx, settings, info, Clock.systemUTC(), System::nanoTime, random, BackplaneMetrics.NONE);
  }

  @Override
  Map<String, String> environment() {
    return Map.of("MEMBERS", String.join(",", members), "CLUSTER", cluster);
  }
}
