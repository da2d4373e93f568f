package io.tidegate.backplane.local;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.PresenceStore;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.inbox.NodeInbox;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node on a {@link LocalStore}, or a service's. Thread-safe; closes within the time of one walk
 * over the store.
 */
public final class LocalNode implements BackplaneNode {
  private final VertxInternal vertx;
  private final NodeInfo info;
  private final LocalStore store;
  private final BackplaneMetrics metrics;
  private final boolean isService;
  private final Backplane backplane;
  private final PresenceStore presence;
  private final Cluster cluster;
  private final NodeInbox inbox;
  private final Promise<Void> closed = Promise.promise();
  private boolean started;
  private boolean closing;
  private volatile @Nullable Link link;

  /** What a running node has. */
  record Link(Context context, Mailbox mailbox, LeaseKeeper keeper) {}

  /**
   * Makes a node that is not started yet.
   *
   * @param info its id is unguessable and new with each process
   */
  public LocalNode(Vertx vertx, NodeInfo info, LocalStore store, BackplaneMetrics metrics) {
    this(vertx, info, store, metrics, false);
  }

  private LocalNode(
      Vertx vertx, NodeInfo info, LocalStore store, BackplaneMetrics metrics, boolean isService) {
    this.vertx = (VertxInternal) requireNonNull(vertx, "vertx");
    this.info = requireNonNull(info, "info");
    this.store = requireNonNull(store, "store");
    this.metrics = requireNonNull(metrics, "metrics");
    this.isService = isService;
    this.backplane = new LocalBackplane(store, this);
    this.presence = new LocalPresence(store, this);
    this.cluster = new LocalCluster(store, this);
    this.inbox = new NodeInbox(vertx, info.id(), new LocalInbox(store, this), store::nowNanos);
  }

  /** Makes a node in {@linkplain BackplaneNode service mode} that is not started yet. */
  public static LocalNode forService(
      Vertx vertx, NodeInfo info, LocalStore store, BackplaneMetrics metrics) {
    return new LocalNode(vertx, info, store, metrics, true);
  }

  @Override
  public synchronized Future<Void> start(BackplaneListener listener, CommandHandler commands) {
    if (started) {
      throw new IllegalStateException("start: called twice (expected: once)");
    }
    started = true;
    if (closing) {
      return Future.failedFuture(notRunning());
    }
    Context context = vertx.createEventLoopContext();
    var mailbox = new Mailbox(context, listener, metrics, store.settings().pendingEvents());
    var keeper =
        new LeaseKeeper(
            vertx,
            context,
            store,
            () -> new Lease(info, context, commands, mailbox::isOpen),
            listener,
            metrics);
    link = new Link(context, mailbox, keeper);
    if (isService) {
      keeper.renounce();
      store.inboxes().enterService(info.id(), inbox);
    } else {
      keeper.take();
      store.inboxes().enter(info.id(), inbox);
    }
    Promise<Void> running = promise();
    context.runOnContext(
        v -> {
          if (!isService) {
            keeper.start();
          }
          metrics.up(true);
          running.complete();
        });
    return running.future();
  }

  @Override
  public Backplane backplane() {
    return backplane;
  }

  @Override
  public PresenceStore presence() {
    return presence;
  }

  @Override
  public Cluster cluster() {
    return cluster;
  }

  @Override
  public ServiceInbox inbox() {
    return inbox;
  }

  @Override
  public Future<Void> close() {
    Link last = takeLink();
    if (last != null) {
      last.mailbox().close();
      leaveInboxes();
      last.context().runOnContext(v -> shutDown(last));
    }
    Promise<Void> answer = promise();
    closed.future().onComplete(answer);
    return answer.future();
  }

  /** Dies as a killed process would: nothing is given back, and nobody is told. */
  void vanish() {
    Link last = takeLink();
    if (last != null) {
      last.mailbox().close();
      leaveInboxes();
      last.context().runOnContext(v -> last.keeper().stop());
      store.removeInterest(last.mailbox());
      closed.complete();
    }
  }

  private void leaveInboxes() {
    store.inboxes().leave(info.id());
    inbox.stop();
  }

  NodeInfo info() {
    return info;
  }

  /** A promise whose future completes on the caller's context. */
  <T> Promise<T> promise() {
    return vertx.promise();
  }

  /**
   * Takes {@code step} now, on the caller's thread: the future is complete when it is answered, so
   * it completes on the caller's context by itself.
   */
  <T> Future<T> whileRunning(Function<Link, T> step) {
    Link now = link;
    if (now == null) {
      return Future.failedFuture(notRunning());
    }
    try {
      return Future.succeededFuture(step.apply(now));
    } catch (BackplaneException e) {
      return Future.failedFuture(e);
    }
  }

  private synchronized @Nullable Link takeLink() {
    Link last = link;
    link = null;
    if (!closing && last == null) {
      closed.complete();
    }
    closing = true;
    return last;
  }

  private void shutDown(Link last) {
    last.keeper().stop();
    Lease lease = last.keeper().lease();
    store.leases().giveBack(lease);
    vertx
        .executeBlocking(
            () -> {
              store.removeInterest(last.mailbox());
              return store.removePresence(lease);
            })
        .onSuccess(entries -> metrics.presenceMembers(0))
        .onSuccess(entries -> metrics.up(false))
        .<Void>mapEmpty()
        .onComplete(done -> last.mailbox().afterPending(() -> closed.handle(done)));
  }

  private static BackplaneException notRunning() {
    return new BackplaneException(Reason.CLOSED, "the node is not running");
  }
}
