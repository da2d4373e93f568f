package io.tidegate.gateway.it;

import java.util.List;

/** On a Redis server. */
final class RedisClusterIT extends ClusterSuite {
  @Override
  List<GatewayProcess> cluster(Nodes nodes, String... names) {
    return nodes.clusterOn(nodes.redis(), names);
  }
}
