package io.tidegate.backplane.local;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceInboxContract;

final class LocalServiceInboxTest extends ServiceInboxContract {
  @Override
  protected ContractFixture fixture() {
    return new LocalFixture();
  }
}
