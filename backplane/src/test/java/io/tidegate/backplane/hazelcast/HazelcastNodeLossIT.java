package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.NodeLossContract;

final class HazelcastNodeLossIT extends NodeLossContract {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }
}
