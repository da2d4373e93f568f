package io.tidegate.backplane.local;

import io.tidegate.backplane.BackplaneContract;
import io.tidegate.backplane.ContractFixture;

final class LocalBackplaneTest extends BackplaneContract {
  @Override
  protected ContractFixture fixture() {
    return new LocalFixture();
  }
}
