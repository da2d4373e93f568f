package io.tidegate.backplane.redis;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.PresenceStoreContract;

final class RedisPresenceStoreIT extends PresenceStoreContract {
  @Override
  protected ContractFixture fixture() {
    return new RedisFixture();
  }
}
