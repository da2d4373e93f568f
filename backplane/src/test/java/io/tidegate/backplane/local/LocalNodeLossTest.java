package io.tidegate.backplane.local;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.NodeLossContract;

final class LocalNodeLossTest extends NodeLossContract {
  @Override
  protected ContractFixture fixture() {
    return new LocalFixture();
  }
}
