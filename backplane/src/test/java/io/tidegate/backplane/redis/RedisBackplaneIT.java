package io.tidegate.backplane.redis;

import io.tidegate.backplane.BackplaneContract;
import io.tidegate.backplane.ContractFixture;

final class RedisBackplaneIT extends BackplaneContract {
  @Override
  protected ContractFixture fixture() {
    return new RedisFixture();
  }
}
