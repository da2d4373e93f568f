package io.tidegate.gateway.edge;

import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.session.SessionDirectory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends every client to another node: nobody new, a while for the load balancer to notice, then the
 * closes (3001) spread over a window, so that the other nodes are not stormed. Thread-safe.
 */
public final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);

  private static final long POLL_MILLIS = 50;

  private static final int SERVING = 0;
  private static final int NOT_READY = 1;
  private static final int CLOSING = 2;
  private static final int STOPPED = 3;

  private final Vertx vertx;
  private final DrainSettings settings;
  private final Admission admission;
  private final SessionDirectory sessions;
  private final LongSupplier nanoTime;
  private final AtomicInteger state = new AtomicInteger(SERVING);

  public Drain(
      Vertx vertx,
      DrainSettings settings,
      Admission admission,
      SessionDirectory sessions,
      LongSupplier nanoTime) {
    this.vertx = vertx;
    this.settings = settings;
    this.admission = admission;
    this.sessions = sessions;
    this.nanoTime = nanoTime;
  }

  /** Metric values: 0 serving, 1 not ready, 2 closing connections, 3 stopped. */
  public int state() {
    return state.get();
  }

  /**
   * Completes when every connection has ended, at the latest at the deadline.
   *
   * @throws IllegalStateException where it was called before
   */
  public Future<Void> run() {
    if (!state.compareAndSet(SERVING, NOT_READY)) {
      throw new IllegalStateException("drain: called twice (expected: once)");
    }
    admission.close();
    log.info("drain started connections={}", admission.connections());
    long deadline = nanoTime.getAsLong() + settings.deadline().toNanos();
    // Without a client there is nobody to spare, and no load balancer that would miss us.
    Duration delay = admission.connections() == 0 ? Duration.ZERO : settings.delay();
    return pause(delay)
        .compose(
            v -> {
              state.set(CLOSING);
              return sessions.drain(CloseCode.SHUTDOWN, settings.window().toMillis());
            })
        .compose(v -> untilEmpty(deadline))
        .onComplete(
            done -> {
              state.set(STOPPED);
              log.info("drain ended connections={}", admission.connections());
            });
  }

  private Future<Void> untilEmpty(long deadline) {
    if (admission.connections() == 0 || nanoTime.getAsLong() - deadline >= 0) {
      return Future.succeededFuture();
    }
    return pause(Duration.ofMillis(POLL_MILLIS)).compose(v -> untilEmpty(deadline));
  }

  private Future<Void> pause(Duration pause) {
    if (pause.toMillis() < 1) {
      return Future.succeededFuture();
    }
    Promise<Void> over = Promise.promise();
    vertx.setTimer(pause.toMillis(), id -> over.complete());
    return over.future();
  }
}
