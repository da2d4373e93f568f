package io.tidegate.backplane.redis;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.NodeLossContract;

final class RedisNodeLossIT extends NodeLossContract {
  @Override
  protected ContractFixture fixture() {
    return new RedisFixture();
  }
}
