package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceRequestContract;

final class HazelcastServiceRequestIT extends ServiceRequestContract {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }
}
