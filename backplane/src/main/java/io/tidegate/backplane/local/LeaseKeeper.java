package io.tidegate.backplane.local;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one node's lease, and does the node's share of keeping the store in order: reaping the
 * presence of nodes that died, and sweeping. Confined to the node's context, except {@link #lease}.
 */
final class LeaseKeeper {
  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

  private final Vertx vertx;
  private final Context context;
  private final LocalStore store;
  private final Supplier<Lease> newLease;
  private final BackplaneListener listener;
  private final BackplaneMetrics metrics;
  private volatile Lease lease;
  private long timer;
  private boolean stopped;
  private boolean recovering;
  private boolean tidying;

  /** Has a first lease, which {@link #take} takes, and {@link #start} keeps. */
  LeaseKeeper(
      Vertx vertx,
      Context context,
      LocalStore store,
      Supplier<Lease> newLease,
      BackplaneListener listener,
      BackplaneMetrics metrics) {
    this.vertx = vertx;
    this.context = context;
    this.store = store;
    this.newLease = newLease;
    this.listener = listener;
    this.metrics = metrics;
    this.lease = newLease.get();
  }

  void take() {
    store.leases().take(lease);
  }

  /** Goes without a lease for ever, so that this node can hold no presence. */
  void renounce() {
    lease.end();
  }

  /** The node's lease now; it may be one that has ended. */
  Lease lease() {
    return lease;
  }

  void start() {
    if (!stopped) {
      timer = vertx.setPeriodic(store.settings().leaseInterval().toMillis(), id -> tick());
    }
  }

  void stop() {
    stopped = true;
    boolean ticking = vertx.cancelTimer(timer);
    log.debug("lease keeper stopped node={} ticking={}", lease.node().id(), ticking);
  }

  private void tick() {
    if (!recovering && !store.leases().renew(lease)) {
      recover();
    }
    metrics.presenceMembers(lease.entries());
    if (!tidying) {
      tidying = true;
      // Both walk the channels: too long for an event loop.
      vertx
          .executeBlocking(this::tidyUp)
          .onFailure(e -> log.error("tidying up failed", e))
          .onComplete(done -> tidying = false);
    }
  }

  private int tidyUp() {
    int reaped = 0;
    for (Lease lapsed : store.leases().endLapsed(store.nowNanos())) {
      int entries = store.removePresence(lapsed);
      log.warn("node reaped node={} entries={}", lapsed.node().id(), entries);
      reaped += entries;
    }
    if (reaped > 0) {
      metrics.reaped(reaped);
    }
    store.sweep();
    return reaped;
  }

  private void recover() {
    recovering = true;
    log.warn("lease lost node={}", lease.node().id());
    leaseLost()
        .onFailure(e -> log.error("listener failed to close its sessions", e))
        .onComplete(done -> context.runOnContext(v -> takeAnew()));
  }

  private void takeAnew() {
    recovering = false;
    if (!stopped) {
      lease = newLease.get();
      store.leases().take(lease);
    }
  }

  private Future<Void> leaseLost() {
    try {
      return requireNonNull(listener.leaseLost(), "future of leaseLost");
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }
}
