package io.tidegate.backplane.local;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.HistoryContract;

final class LocalHistoryTest extends HistoryContract {
  @Override
  protected ContractFixture fixture() {
    return new LocalFixture();
  }
}
