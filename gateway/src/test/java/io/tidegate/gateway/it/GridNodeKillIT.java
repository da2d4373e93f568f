package io.tidegate.gateway.it;

import java.util.List;

/** On the embedded grid. */
final class GridNodeKillIT extends NodeKillSuite {
  @Override
  List<GatewayProcess> cluster(Nodes nodes, String... names) {
    return nodes.cluster(names);
  }
}
