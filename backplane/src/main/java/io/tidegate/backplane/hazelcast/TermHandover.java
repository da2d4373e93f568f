package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.impl.operationservice.Operation;
import java.io.IOException;

/** Carries a partition's term from a living owner to the next. */
final class TermHandover extends Operation implements IdentifiedDataSerializable {
  static final int FACTORY = 7_350;
  static final int CLASS_ID = 1;

  private long term;

  TermHandover(long term) {
    this.term = term;
  }

  @Override
  public void run() {
    PartitionTerms terms = getService();
    terms.install(getPartitionId(), term);
  }

  @Override
  public String getServiceName() {
    return PartitionTerms.NAME;
  }

  @Override
  public boolean returnsResponse() {
    return false;
  }

  @Override
  protected void writeInternal(ObjectDataOutput out) throws IOException {
    super.writeInternal(out);
    out.writeLong(term);
  }

  @Override
  protected void readInternal(ObjectDataInput in) throws IOException {
    super.readInternal(in);
    term = in.readLong();
  }

  @Override
  public int getFactoryId() {
    return FACTORY;
  }

  @Override
  public int getClassId() {
    return CLASS_ID;
  }
}
