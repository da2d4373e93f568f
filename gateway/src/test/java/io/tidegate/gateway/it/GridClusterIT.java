package io.tidegate.gateway.it;

import java.util.List;

/** On the embedded grid. */
final class GridClusterIT extends ClusterSuite {
  @Override
  List<GatewayProcess> cluster(Nodes nodes, String... names) {
    return nodes.cluster(names);
  }
}
