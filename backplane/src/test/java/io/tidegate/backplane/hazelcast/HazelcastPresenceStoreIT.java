package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.PresenceStoreContract;

final class HazelcastPresenceStoreIT extends PresenceStoreContract {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }
}
