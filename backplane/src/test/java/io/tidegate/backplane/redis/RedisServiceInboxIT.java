package io.tidegate.backplane.redis;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceInboxContract;

final class RedisServiceInboxIT extends ServiceInboxContract {
  @Override
  protected ContractFixture fixture() {
    return new RedisFixture();
  }
}
