package io.tidegate.backplane.redis;

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
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node on a Redis server. Thread-safe. Closes within five seconds, also without the server. */
public final class RedisNode implements BackplaneNode {
  /** How long {@link #start} looks for a server that is not there yet. */
  public static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(RedisNode.class);
  private static final int CALLS_AT_MOST = 16_384;
  private static final long BYTES_AT_MOST = 32L << 20;

  private final VertxInternal vertx;
  private final RedisSettings settings;
  private final NodeInfo info;
  private final boolean isService;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final BackplaneMetrics metrics;
  private final Backplane backplane = new RedisBackplane(this);
  private final PresenceStore presence = new RedisPresence(this);
  private final Cluster cluster = new RedisCluster(this);
  private final NodeInbox nodeInbox;
  private final ServiceInbox inbox;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final Promise<Void> started = Promise.promise();
  private final Promise<Void> closed = Promise.promise();
  private final Context context;
  private boolean startCalled;
  private boolean closeCalled;
  private volatile boolean closing;
  private volatile @Nullable RunningNode running;

  private RedisNode(
      Vertx vertx,
      RedisSettings settings,
      NodeInfo info,
      boolean isService,
      LongSupplier nanoTime,
      RandomGenerator random,
      BackplaneMetrics metrics) {
    this.vertx = (VertxInternal) requireNonNull(vertx, "vertx");
    this.settings = requireNonNull(settings, "settings");
    this.info = requireNonNull(info, "info");
    this.isService = isService;
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.random = requireNonNull(random, "random");
    this.metrics = requireNonNull(metrics, "metrics");
    this.context = this.vertx.createEventLoopContext();
    this.nodeInbox = new NodeInbox(vertx, info.id(), new RedisInboxStore(this), nanoTime);
    this.inbox = new RedisInbox(this, nodeInbox);
  }

  /**
   * Makes a node that is not started yet.
   *
   * @param info its id is unguessable and new with each process
   * @param random thread-safe and unpredictable: epochs are drawn from it
   */
  public static RedisNode create(
      Vertx vertx,
      RedisSettings settings,
      NodeInfo info,
      LongSupplier nanoTime,
      RandomGenerator random,
      BackplaneMetrics metrics) {
    return new RedisNode(vertx, settings, info, false, nanoTime, random, metrics);
  }

  /**
   * As {@link #create}, in service mode: without a lease. Nobody notices when it dies, so what it
   * had in hand is handed out again when the lease of each message passes.
   */
  public static RedisNode forService(
      Vertx vertx,
      RedisSettings settings,
      NodeInfo info,
      LongSupplier nanoTime,
      RandomGenerator random,
      BackplaneMetrics metrics) {
    return new RedisNode(vertx, settings, info, true, nanoTime, random, metrics);
  }

  /**
   * Looks for the server for up to {@link #START_TIMEOUT}; a refusal that more attempts do not
   * change, such as a wrong password, fails at once, because of an {@link
   * IllegalArgumentException}.
   */
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
    var dialer = new Dialer(vertx, settings);
    long until = nanoTime.getAsLong() + START_TIMEOUT.toNanos();
    context.runOnContext(
        v ->
            firstLine(dialer, new Backoff(random), until)
                .compose(line -> open(dialer, line, listener, commands))
                .onComplete(started));
    return onCallersContext(started);
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
    boolean first;
    boolean wasStarted;
    synchronized (this) {
      first = !closeCalled;
      closeCalled = true;
      wasStarted = startCalled;
    }
    closing = true;
    if (first && !wasStarted) {
      closed.complete();
    } else if (first) {
      started.future().onComplete(start -> context.runOnContext(v -> leave()));
    }
    return onCallersContext(closed);
  }

  /** Dies as a killed process would: nothing is given back, and nobody is told. For tests. */
  void vanish() {
    RunningNode node = requireNonNull(running, "running");
    running = null;
    context.runOnContext(
        v -> {
          node.stop();
          closed.tryComplete();
        });
  }

  NodeInfo info() {
    return info;
  }

  /**
   * Takes a step on the node's context; the future completes on the caller's.
   *
   * @param size bytes that the call keeps while it is under way
   */
  <T> Future<T> onNode(int size, Function<RunningNode, Future<T>> step) {
    RunningNode node = running;
    if (node == null) {
      return Future.failedFuture(notRunning());
    }
    int callsNow = calls.incrementAndGet();
    long bytesNow = bytes.addAndGet(size);
    if (callsNow > CALLS_AT_MOST || bytesNow > BYTES_AT_MOST) {
      release(size);
      return Future.failedFuture(
          new BackplaneException(Reason.OVERLOADED, "too many calls wait for the store"));
    }
    return hop(node, size, step);
  }

  /** As {@link #onNode}, never refused: for what gives back what an earlier call took. */
  <T> Future<T> onNodeAlways(Function<RunningNode, Future<T>> step) {
    RunningNode node = running;
    if (node == null) {
      return Future.failedFuture(notRunning());
    }
    calls.incrementAndGet();
    return hop(node, 0, step);
  }

  private <T> Future<T> hop(RunningNode node, int size, Function<RunningNode, Future<T>> step) {
    Promise<T> promise = vertx.promise();
    context.runOnContext(
        v -> {
          Future<T> result;
          try {
            result = node.isClosing() ? Future.failedFuture(notRunning()) : step.apply(node);
          } catch (RuntimeException e) {
            result = Future.failedFuture(e);
          }
          result.onComplete(
              done -> {
                release(size);
                if (done.succeeded()) {
                  promise.complete(done.result());
                } else {
                  promise.fail(typed(done.cause()));
                }
              });
        });
    return promise.future();
  }

  private Future<Dialer.Line> firstLine(Dialer dialer, Backoff backoff, long until) {
    return dialer
        .dial(Duration.ZERO)
        .recover(
            failure -> {
              boolean isHopeless = failure instanceof Dialer.HopelessException;
              if (isHopeless || closing || nanoTime.getAsLong() - until >= 0) {
                return Future.failedFuture(
                    new BackplaneException(
                        Reason.UNAVAILABLE,
                        settings.server() + ": " + failure.getMessage(),
                        isHopeless ? unfit(failure) : failure));
              }
              log.warn("the store is not there yet reason={}", failure.getMessage());
              return vertx
                  .timer(Math.max(1, backoff.nextMillis()), TimeUnit.MILLISECONDS)
                  .compose(rested -> firstLine(dialer, backoff, until));
            });
  }

  private IllegalArgumentException unfit(Throwable refusal) {
    return new IllegalArgumentException(
        "uri: '"
            + settings.server()
            + "' (expected: a server that lets this node in; "
            + refusal.getMessage()
            + ")",
        refusal);
  }

  private Future<Void> open(
      Dialer dialer, Dialer.Line line, BackplaneListener listener, CommandHandler commands) {
    var node =
        new RunningNode(
            vertx, context, settings, dialer, info, isService, listener, commands, nodeInbox,
            metrics, nanoTime, random);
    return node.open(line)
        .onSuccess(opened -> running = node)
        .onFailure(failure -> node.stop())
        .recover(failure -> Future.failedFuture(typed(failure)));
  }

  private void leave() {
    RunningNode node = running;
    running = null;
    if (node == null) {
      closed.tryComplete();
    } else {
      node.close().onComplete(done -> closed.tryComplete());
    }
  }

  private Future<Void> onCallersContext(Promise<Void> shared) {
    Promise<Void> promise = vertx.promise();
    shared.future().onComplete(promise);
    return promise.future();
  }

  /** Futures of the seams carry one kind of failure only. */
  private static BackplaneException typed(Throwable failure) {
    if (failure instanceof BackplaneException known) {
      return known;
    }
    log.error("unexpected failure", failure);
    return new BackplaneException(Reason.UNAVAILABLE, "unexpected answer of the store", failure);
  }

  private void release(int size) {
    calls.decrementAndGet();
    bytes.addAndGet(-size);
  }

  static BackplaneException notRunning() {
    return new BackplaneException(Reason.CLOSED, "the node is not running");
  }
}
