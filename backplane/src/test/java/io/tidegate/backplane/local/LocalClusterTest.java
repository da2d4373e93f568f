package io.tidegate.backplane.local;

import io.tidegate.backplane.ClusterContract;
import io.tidegate.backplane.ContractFixture;

final class LocalClusterTest extends ClusterContract {
  @Override
  protected ContractFixture fixture() {
    return new LocalFixture();
  }
}
