package io.tidegate.backplane.hazelcast;

import com.hazelcast.internal.partition.MigrationAwareService;
import com.hazelcast.internal.partition.MigrationEndpoint;
import com.hazelcast.internal.partition.PartitionMigrationEvent;
import com.hazelcast.internal.partition.PartitionReplicationEvent;
import com.hazelcast.internal.services.ManagedService;
import com.hazelcast.spi.impl.NodeEngine;
import com.hazelcast.spi.impl.operationservice.Operation;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * This member's terms: 64 random bits for each partition that it owns. A living owner hands its
 * term over with the partition; whoever becomes owner in any other way draws a new one. So a state
 * that was last written in the present term is all that was ever written, and any other state is a
 * promoted copy that may be behind.
 *
 * <p>Hazelcast's public listeners tell of migrations after the fact and on other threads; this hook
 * of its internal interface runs on the partition's own thread, before the new owner may run
 * anything. Called there only, except {@link #reset}.
 */
final class PartitionTerms implements ManagedService, MigrationAwareService {
  static final String NAME = "tidegate-partition-terms";

  private static final long NONE = 0;

  private final LongSupplier randomBits;
  private volatile AtomicLongArray terms = new AtomicLongArray(0);

  PartitionTerms(LongSupplier randomBits) {
    this.randomBits = randomBits;
  }

  /** The term of a partition that this member owns; the first owner draws it on first use. */
  long of(int partition) {
    if (terms.get(partition) == NONE) {
      draw(partition);
    }
    return terms.get(partition);
  }

  void install(int partition, long term) {
    terms.set(partition, term);
  }

  @Override
  public void init(NodeEngine nodeEngine, Properties properties) {
    terms = new AtomicLongArray(nodeEngine.getPartitionService().getPartitionCount());
  }

  @Override
  public @Nullable Operation prepareReplicationOperation(PartitionReplicationEvent event) {
    if (event.getReplicaIndex() != 0) {
      return null;
    }
    return new TermHandover(of(event.getPartitionId()));
  }

  @Override
  public void beforeMigration(PartitionMigrationEvent event) {
    if (event.getMigrationEndpoint() == MigrationEndpoint.DESTINATION
        && event.getNewReplicaIndex() == 0) {
      // Migrations install the living owner's term right after this; promotions do not.
      draw(event.getPartitionId());
    }
  }

  @Override
  public void commitMigration(PartitionMigrationEvent event) {
    if (isOwnersSource(event)) {
      terms.set(event.getPartitionId(), NONE);
    }
  }

  @Override
  public void rollbackMigration(PartitionMigrationEvent event) {
    if (isOwnersSource(event)) {
      // The other side may have served meanwhile.
      draw(event.getPartitionId());
    }
  }

  @Override
  public void reset() {
    for (int i = 0; i < terms.length(); i++) {
      terms.set(i, NONE);
    }
  }

  @Override
  public void shutdown(boolean terminate) {
    reset();
  }

  private static boolean isOwnersSource(PartitionMigrationEvent event) {
    return event.getMigrationEndpoint() == MigrationEndpoint.SOURCE
        && event.getCurrentReplicaIndex() == 0;
  }

  private void draw(int partition) {
    terms.set(partition, randomBits.getAsLong() | 1);
  }
}
