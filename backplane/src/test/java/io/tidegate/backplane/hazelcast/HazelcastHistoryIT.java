package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.HistoryContract;

final class HazelcastHistoryIT extends HistoryContract {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }
}
