package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.EntryProcessor;
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
import io.tidegate.backplane.StreamPolicy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A node that is a member of an embedded Hazelcast grid. Thread-safe. Closes within about 40
 * seconds: 6 to give back what it holds (8 where it is stuck), 30 to hand its data over; then it
 * just ends.
 */
public final class HazelcastNode implements BackplaneNode {
  private static final long DEADLINE_NANOS = 8_000_000_000L;
  private static final long GOODBYE_MILLIS = 8_000;
  private static final int CALLS_AT_MOST = 16_384;
  private static final long BYTES_AT_MOST = 32L << 20;

  private final VertxInternal vertx;
  private final HazelcastSettings settings;
  private final NodeInfo info;
  private final boolean isService;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final BackplaneMetrics metrics;
  private final Backplane backplane = new HazelcastBackplane(this);
  private final PresenceStore presence = new HazelcastPresence(this);
  private final Cluster cluster = new HazelcastCluster(this);
  private final HazelcastInbox inbox;
  private final Pending pending = new Pending(CALLS_AT_MOST, BYTES_AT_MOST);
  private final Promise<Void> started = Promise.promise();
  private final Promise<Void> closed = Promise.promise();
  private boolean startCalled;
  private boolean closeCalled;
  private boolean gaveUp; // Confined to the node's thread.
  private volatile @Nullable RunningNode running;

  private HazelcastNode(
      Vertx vertx,
      HazelcastSettings settings,
      NodeInfo info,
      boolean isService,
      Clock clock,
      LongSupplier nanoTime,
      RandomGenerator random,
      BackplaneMetrics metrics) {
    this.vertx = (VertxInternal) requireNonNull(vertx, "vertx");
    this.settings = requireNonNull(settings, "settings");
    this.info = requireNonNull(info, "info");
    this.isService = isService;
    this.clock = requireNonNull(clock, "clock");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.random = requireNonNull(random, "random");
    this.metrics = requireNonNull(metrics, "metrics");
    this.inbox = new HazelcastInbox(this, vertx, info.id(), nanoTime);
  }

  /**
   * Makes a node that is not started yet.
   *
   * @param info its id is unguessable and new with each process
   * @param random thread-safe and unpredictable: epochs are drawn from it
   */
  public static HazelcastNode create(
      Vertx vertx,
      HazelcastSettings settings,
      NodeInfo info,
      Clock clock,
      LongSupplier nanoTime,
      RandomGenerator random,
      BackplaneMetrics metrics) {
    return new HazelcastNode(vertx, settings, info, false, clock, nanoTime, random, metrics);
  }

  /** As {@link #create}, in service mode: a lite member, which holds no data. */
  public static HazelcastNode forService(
      Vertx vertx,
      HazelcastSettings settings,
      NodeInfo info,
      Clock clock,
      LongSupplier nanoTime,
      RandomGenerator random,
      BackplaneMetrics metrics) {
    return new HazelcastNode(vertx, settings, info, true, clock, nanoTime, random, metrics);
  }

  /** Fails because of an {@link IllegalArgumentException} where a setting does not fit here. */
  @Override
  public Future<Void> start(BackplaneListener listener, CommandHandler commands) {
    synchronized (this) {
      if (startCalled) {
        throw new IllegalStateException("start: called twice (expected: once)");
      }
      startCalled = true;
      if (closeCalled) {
        return Future.failedFuture(notRunning());
      }
    }
    vertx
        .executeBlocking(() -> becomeMember(listener, commands), false)
        .onSuccess(this::open)
        .onFailure(failure -> started.fail(notStarted(failure)));
    return onCallersContext(started);
  }

  /** Blocks for seconds. */
  private RunningNode becomeMember(BackplaneListener listener, CommandHandler commands) {
    var terms = new PartitionTerms(random::nextLong);
    var member =
        new LocalMember(
            clock,
            () -> Long.toUnsignedString(random.nextLong(), 36),
            terms,
            settings.presencePerChannel());
    HazelcastInstance instance =
        GridMember.join(settings, GridConfig.of(settings, info, isService, member, terms));
    ExecutorService search = Sweeper.searchThread(info.id());
    closed.future().onComplete(done -> search.shutdownNow());
    var thread = new NodeThread("tidegate-backplane-" + info.id(), nanoTime);
    return new RunningNode(
        new Grid(instance, thread),
        member,
        thread,
        info,
        isService,
        settings.heartbeatTimeout(),
        listener,
        commands,
        inbox::receive,
        metrics,
        nanoTime,
        random,
        search);
  }

  private void open(RunningNode node) {
    node.thread()
        .execute(
            () -> {
              try {
                node.open(() -> met(node));
              } catch (RuntimeException | Error e) {
                gaveUp = true;
                closed.future().onComplete(done -> started.tryFail(notStarted(e)));
                leave(node);
              }
            });
    node.thread().start(node::tick);
  }

  private void met(RunningNode node) {
    if (!gaveUp) {
      running = node;
      started.complete();
    }
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
    return inbox.inbox();
  }

  @Override
  public Future<Void> close() {
    boolean first;
    boolean wasStarted;
    synchronized (this) {
      first = !closeCalled;
      closeCalled = true;
      wasStarted = startCalled;
    }
    if (first && !wasStarted) {
      closed.complete();
    } else if (first) {
      started.future().onComplete(start -> leave());
    }
    return onCallersContext(closed);
  }

  private void leave() {
    RunningNode node = running;
    running = null;
    inbox.stop();
    if (node == null) {
      closed.tryComplete();
    } else {
      leave(node);
    }
  }

  private void leave(RunningNode node) {
    var begun = new AtomicBoolean();
    Runnable shutDown =
        () -> {
          if (begun.compareAndSet(false, true)) {
            shutDown(node);
          }
        };
    node.thread().execute(() -> node.close(shutDown));
    // Also when the node's thread is stuck in a listener.
    long unused = vertx.setTimer(GOODBYE_MILLIS, late -> shutDown.run());
  }

  private void shutDown(RunningNode node) {
    GridMember.leave(vertx, node.grid().instance()).onComplete(done -> ended(node));
  }

  private void ended(RunningNode node) {
    node.thread().stop();
    metrics.up(false);
    closed.tryComplete();
  }

  /** Dies as a killed process would: nothing is given back, and nobody is told. For tests. */
  void vanish() {
    RunningNode node = requireNonNull(running, "running");
    running = null;
    inbox.stop();
    node.thread().stop();
    node.grid().instance().getLifecycleService().terminate();
    closed.tryComplete();
  }

  NodeInfo info() {
    return info;
  }

  @Nullable RunningNode running() {
    return running;
  }

  /** Asks a channel's owner, by the channel's link. */
  <T> Future<T> ask(
      String channel,
      Asked.Kind kind,
      @Nullable Command command,
      @Nullable StreamPolicy policy,
      int bytes,
      BiFunction<Answer, Outcome, T> result) {
    RunningNode node = running;
    boolean ofPresence = kind == Asked.Kind.ADD || kind == Asked.Kind.REMOVE;
    if (node == null || (ofPresence && !node.isPresenceOpen())) {
      return Future.failedFuture(notRunning());
    }
    if (kind == Asked.Kind.LEAVE || kind == Asked.Kind.REMOVE) {
      pending.force(bytes);
    } else if (!pending.take(bytes)) {
      return Future.failedFuture(overloaded());
    }
    Promise<T> promise = vertx.promise();
    var asked =
        new Asked(
            kind,
            command,
            policy,
            bytes,
            nanoTime.getAsLong() + DEADLINE_NANOS,
            promise,
            result,
            () -> pending.release(bytes));
    boolean isTaken =
        node.thread()
            .offer(
                () -> {
                  if (node.isOver() || (ofPresence && !node.isPresenceOpen())) {
                    asked.fail(Reason.CLOSED, "the node is not running");
                  } else {
                    node.channels().ask(channel, asked);
                  }
                });
    if (!isTaken) {
      asked.fail(Reason.CLOSED, "the node is not running");
    }
    return promise.future();
  }

  /**
   * Takes a step on a channel's state that may be taken twice.
   *
   * @param late why it failed where the owner did not answer
   */
  <R, T> Future<T> run(
      String channel,
      EntryProcessor<String, ChannelState, R> processor,
      Reason late,
      Function<R, T> result) {
    return onNode(
        (node, promise) ->
            node.readings()
                .run(
                    channel,
                    processor,
                    late,
                    result,
                    nanoTime.getAsLong() + DEADLINE_NANOS,
                    promise,
                    () -> pending.release(0)));
  }

  /** A step on the node's thread that completes a promise; it has to release one pending call. */
  interface Step<T> {
    void run(RunningNode node, Promise<T> promise);
  }

  <T> Future<T> onNode(Step<T> step) {
    RunningNode node = running;
    if (node == null) {
      return Future.failedFuture(notRunning());
    }
    if (!pending.take(0)) {
      return Future.failedFuture(overloaded());
    }
    Promise<T> promise = vertx.promise();
    boolean isTaken =
        node.thread()
            .offer(
                () -> {
                  if (node.isOver()) {
                    refuse(promise);
                  } else {
                    step.run(node, promise);
                  }
                });
    if (!isTaken) {
      refuse(promise);
    }
    return promise.future();
  }

  void release() {
    pending.release(0);
  }

  private void refuse(Promise<?> promise) {
    pending.release(0);
    promise.fail(notRunning());
  }

  private Future<Void> onCallersContext(Promise<Void> shared) {
    Promise<Void> promise = vertx.promise();
    shared.future().onComplete(promise);
    return promise.future();
  }

  private static BackplaneException notStarted(Throwable cause) {
    return new BackplaneException(Reason.UNAVAILABLE, "the grid's member does not start", cause);
  }

  static BackplaneException notRunning() {
    return new BackplaneException(Reason.CLOSED, "the node is not running");
  }

  private static BackplaneException overloaded() {
    return new BackplaneException(Reason.OVERLOADED, "too many calls wait for an answer");
  }
}
