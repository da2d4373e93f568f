package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceInboxContract;

final class HazelcastServiceInboxIT extends ServiceInboxContract {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }
}
