package io.tidegate.backplane.local;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceRequestContract;

final class LocalServiceRequestTest extends ServiceRequestContract {
  @Override
  protected ContractFixture fixture() {
    return new LocalFixture();
  }
}
