package io.tidegate.gateway.ops;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether this node still hears the backplane: every second it publishes to a channel of its
 * own and waits to hear it.
 *
 * <ul>
 *   <li>Publishes succeed and nothing is heard for five seconds: this node's own link is dead. It
 *       is not ready until it hears something again.
 *   <li>Publishes fail: the store is down, for all nodes alike. Readiness stays what it was.
 *   <li>Publishes are refused because this node's backplane has ended: it is not ready any more.
 * </ul>
 *
 * <p>{@link #heard} may be called from any thread; all else happens on one event loop.
 */
public final class Canary {
  static final String PREFIX = "$canary:";
  static final long DEAF_NANOS = 5_000_000_000L;

  private static final Logger log = LoggerFactory.getLogger(Canary.class);
  private static final long PERIOD_MILLIS = 1_000;

  private final Vertx vertx;
  private final Context context;
  private final Backplane backplane;
  private final String channel;
  private final Readiness readiness;
  private final LongSupplier nanoTime;
  private final long periodMillis;
  private volatile long heardNanos;
  private @Nullable Long timer;
  private boolean joined;
  private boolean busy;
  private boolean deaf;
  private @Nullable Long waitingSince;

  public Canary(
      Vertx vertx,
      Backplane backplane,
      String nodeId,
      Readiness readiness,
      Metrics metrics,
      LongSupplier nanoTime) {
    this(vertx, backplane, nodeId, readiness, metrics, nanoTime, PERIOD_MILLIS);
  }

  Canary(
      Vertx vertx,
      Backplane backplane,
      String nodeId,
      Readiness readiness,
      Metrics metrics,
      LongSupplier nanoTime,
      long periodMillis) {
    this.periodMillis = periodMillis;
    this.vertx = requireNonNull(vertx, "vertx");
    this.context = vertx.getOrCreateContext();
    this.backplane = requireNonNull(backplane, "backplane");
    this.channel = PREFIX + requireNonNull(nodeId, "nodeId");
    this.readiness = requireNonNull(readiness, "readiness");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.heardNanos = nanoTime.getAsLong();
    metrics.level(
        Metrics.Level.CANARY_AGE_SECONDS, () -> (nanoTime.getAsLong() - heardNanos) / 1e9);
  }

  /** Starts to publish; the backplane must have been started. */
  public void start() {
    context.runOnContext(
        v -> {
          timer = vertx.setPeriodic(periodMillis, id -> tick());
          tick();
        });
  }

  /** Stops publishing and leaves the channel. Idempotent. */
  public Future<Void> close() {
    Promise<Void> stopped = Promise.promise();
    context.runOnContext(
        v -> {
          if (timer != null) {
            var ignored = vertx.cancelTimer(timer);
            timer = null;
          }
          stopped.complete();
        });
    return stopped.future().compose(v -> backplane.leave(channel));
  }

  /**
   * Tells of a publication that this node heard.
   *
   * @return whether it was this canary's, so that nobody else wants it
   */
  public boolean heard(String channel) {
    if (!channel.equals(this.channel)) {
      return false;
    }
    heardNanos = nanoTime.getAsLong();
    context.runOnContext(
        v -> {
          waitingSince = null;
          pass();
        });
    return true;
  }

  private void tick() {
    if (busy || timer == null) {
      return;
    }
    busy = true;
    Future<?> done = joined ? publish() : join().compose(position -> publish());
    done.onComplete(
        outcome -> {
          busy = false;
          if (outcome.failed()) {
            unpublished(outcome.cause());
          }
        });
  }

  private void unpublished(Throwable cause) {
    waitingSince = null;
    log.debug("canary not published", cause);
    if (cause instanceof BackplaneException e && e.reason() == Reason.CLOSED) {
      fail("this node's backplane has ended");
    }
    // Else the store does not answer, so hearing nothing says nothing about this node.
  }

  private Future<StreamPosition> join() {
    return backplane.join(channel, StreamPolicy.NO_HISTORY).onSuccess(position -> joined = true);
  }

  private Future<PublishResult> publish() {
    long start = nanoTime.getAsLong();
    return backplane
        .publish(PublishRequest.of(channel, Payload.EMPTY, StreamPolicy.NO_HISTORY))
        .onSuccess(result -> published(start));
  }

  private void published(long start) {
    if (heardNanos - start > 0) {
      return; // Heard before its answer came.
    }
    if (waitingSince == null) {
      waitingSince = start;
    } else if (nanoTime.getAsLong() - waitingSince > DEAF_NANOS) {
      fail("own publications are not heard");
    }
  }

  private void pass() {
    if (deaf) {
      log.info("canary heard again channel={}", channel);
    }
    deaf = false;
    readiness.pass(Readiness.Check.CANARY);
  }

  private void fail(String fault) {
    if (!deaf) {
      log.warn("canary not heard channel={} fault={}", channel, fault);
    }
    deaf = true;
    readiness.fail(Readiness.Check.CANARY, fault);
  }
}
