package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.ClusterContract;
import io.tidegate.backplane.ContractFixture;

final class HazelcastClusterIT extends ClusterContract {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }
}
