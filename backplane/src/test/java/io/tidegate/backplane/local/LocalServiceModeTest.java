package io.tidegate.backplane.local;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceModeContract;

final class LocalServiceModeTest extends ServiceModeContract {
  @Override
  protected ContractFixture fixture() {
    return new LocalFixture();
  }
}
