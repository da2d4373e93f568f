package io.tidegate.backplane.local;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.PresenceStoreContract;

final class LocalPresenceStoreTest extends PresenceStoreContract {
  @Override
  protected ContractFixture fixture() {
    return new LocalFixture();
  }
}
