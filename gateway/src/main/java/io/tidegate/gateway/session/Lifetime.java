package io.tidegate.gateway.session;

import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.protocol.CloseCode;
import org.jspecify.annotations.Nullable;

/**
 * How long a session may live: as long as its client answers pings and its identity is valid. One
 * timer of the loop's wheel, set to whatever comes next. Confined to the loop. All times are
 * milliseconds of the monotonic clock.
 */
final class Lifetime extends TimerWheel.Timer {
  private static final long NEVER = Long.MAX_VALUE;

  private final Session session;
  private long pingAt;
  private long pongBy = NEVER;
  private long expiresAt = NEVER;

  Lifetime(Session session) {
    this.session = session;
  }

  void start(long expiresAtEpochMillis) {
    // The first ping comes at a random moment, so that clients that came together are not pinged
    // so.
    long interval = node().heartbeat().interval().toMillis();
    pingAt = now() + interval / 2 + node().random().nextLong(interval / 2 + 1);
    expiresAt(expiresAtEpochMillis);
  }

  void expiresAt(long epochMillis) {
    expiresAt =
        epochMillis == Identity.NEVER ? NEVER : now() + epochMillis - node().clock().millis();
    schedule();
  }

  /** Until the identity expires; absent when it does not. */
  @Nullable Long ttlSeconds() {
    return expiresAt == NEVER ? null : Expiry.ttlSeconds(expiresAt - now());
  }

  void pong() {
    pongBy = NEVER;
  }

  /** The session has ended. */
  void stop() {
    session.loop().wheel().cancel(this);
  }

  @Override
  protected void fire() {
    long now = now();
    if (now >= pongBy) {
      session.end(CloseCode.NO_PONG);
    } else if (expiresAt != NEVER && now >= expiresAt + graceMillis()) {
      session.end(CloseCode.EXPIRED);
    } else if (now >= pingAt) {
      pingAt = now + node().heartbeat().interval().toMillis();
      pongBy = now + node().heartbeat().timeout().toMillis();
      // Before the ping, for which there may be no memory.
      schedule();
      session.sendPing();
    } else {
      schedule();
    }
  }

  private void schedule() {
    if (session.ended()) {
      return;
    }
    long expiry = expiresAt == NEVER ? NEVER : expiresAt + graceMillis();
    long next = Math.min(pingAt, Math.min(pongBy, expiry));
    session.loop().wheel().schedule(this, next - now());
  }

  /** From the end of the identity to that of the session. */
  private long graceMillis() {
    // Who speaks no protocol cannot refresh a token.
    return session.raw() == null ? Expiry.GRACE_MILLIS : 0;
  }

  private SessionNode node() {
    return session.loop().node();
  }

  private long now() {
    return node().nanoTime().getAsLong() / 1_000_000;
  }
}
