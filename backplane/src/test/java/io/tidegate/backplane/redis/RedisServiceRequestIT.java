package io.tidegate.backplane.redis;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceRequestContract;

final class RedisServiceRequestIT extends ServiceRequestContract {
  @Override
  protected ContractFixture fixture() {
    return new RedisFixture();
  }
}
