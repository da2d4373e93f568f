package io.tidegate.backplane.redis;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.HistoryContract;

final class RedisHistoryIT extends HistoryContract {
  @Override
  protected ContractFixture fixture() {
    return new RedisFixture();
  }
}
