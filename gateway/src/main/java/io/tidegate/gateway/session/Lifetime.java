package io.tidegate.gateway.session;

import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.protocol.CloseCode;
import org.jspecify.annotations.Nullable;

/**
 * How long a session may live: as long as its client answers pings and its identity is valid. One
 * timer of the loop's wheel, set to whatever comes next. Confined to the loop. All times are
 * milliseconds of the monotonic clock.
 */
final class Lifetime {
  /** A client refreshes its token when it expires; this much later the session ends. */
  static final long REFRESH_MILLIS = 25_000;

  private static final long NEVER = Long.MAX_VALUE;

  private final Session session;
  private final SessionLoop loop;
  private final long graceMillis;
  private final TimerWheel.Timer timer = new TimerWheel.Timer(this::due);
  private long pingAt;
  private long pongBy = NEVER;
  private long expiresAt = NEVER;
  private boolean stopped;

  /**
   * Makes the lifetime of a session.
   *
   * @param graceMillis from the end of the identity to that of the session
   */
  Lifetime(Session session, SessionLoop loop, long graceMillis) {
    this.session = session;
    this.loop = loop;
    this.graceMillis = graceMillis;
  }

  void start(long expiresAtEpochMillis) {
    // The first ping comes at a random moment, so that clients that came together are not pinged
    // so.
    long interval = loop.node().heartbeat().interval().toMillis();
    pingAt = now() + interval / 2 + loop.node().random().nextLong(interval / 2 + 1);
    expiresAt(expiresAtEpochMillis);
  }

  void expiresAt(long epochMillis) {
    expiresAt =
        epochMillis == Identity.NEVER ? NEVER : now() + epochMillis - loop.node().clock().millis();
    schedule();
  }

  /** Whole seconds until the identity expires, at least 1; absent when it does not. */
  @Nullable Long ttlSeconds() {
    return expiresAt == NEVER ? null : Math.max(1, (expiresAt - now()) / 1_000);
  }

  void pong() {
    pongBy = NEVER;
  }

  void stop() {
    stopped = true;
    loop.wheel().cancel(timer);
  }

  private void due() {
    long now = now();
    if (now >= pongBy) {
      session.end(CloseCode.NO_PONG);
    } else if (expiresAt != NEVER && now >= expiresAt + graceMillis) {
      session.end(CloseCode.EXPIRED);
    } else {
      if (now >= pingAt) {
        pingAt = now + loop.node().heartbeat().interval().toMillis();
        pongBy = now + loop.node().heartbeat().timeout().toMillis();
        session.sendPing();
      }
      schedule();
    }
  }

  private void schedule() {
    if (stopped) {
      return;
    }
    long expiry = expiresAt == NEVER ? NEVER : expiresAt + graceMillis;
    long next = Math.min(pingAt, Math.min(pongBy, expiry));
    loop.wheel().schedule(timer, next - now());
  }

  private long now() {
    return loop.node().nanoTime().getAsLong() / 1_000_000;
  }
}
