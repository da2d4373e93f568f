package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.BackplaneContract;
import io.tidegate.backplane.ContractFixture;

final class HazelcastBackplaneIT extends BackplaneContract {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }
}
