package io.tidegate.backplane.redis;

import io.tidegate.backplane.ClusterContract;
import io.tidegate.backplane.ContractFixture;

final class RedisClusterIT extends ClusterContract {
  @Override
  protected ContractFixture fixture() {
    return new RedisFixture();
  }
}
