package io.tidegate.gateway.session;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.SubscriptionOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a token or a backend said of one subscription; those of which nothing was said have none. It
 * is scheduled where the subscription expires only. Confined to the session's loop.
 */
final class Granted extends TimerWheel.Timer {
  private final Session session;
  private final Subscription subscription;
  private final ClientInfo member;
  private @Nullable Payload data;
  private long expiresAtMillis = Identity.NEVER;

  Granted(Session session, Subscription subscription, SubscriptionOptions options) {
    ClientInfo info = session.info();
    this.session = session;
    this.subscription = subscription;
    this.member =
        options.info() == null
            ? info
            : new ClientInfo(info.client(), info.user(), info.connInfo(), options.info());
    this.data = options.data();
    expiresAt(options.expiresAtMillis());
  }

  /** The client as others see it in this channel. */
  ClientInfo member() {
    return member;
  }

  /** What the client gets with the subscription. */
  @Nullable Payload data() {
    return data;
  }

  /** The client has its data, which it is told once. */
  void told() {
    data = null;
  }

  /** Sets the end anew; {@link Identity#NEVER} for none. */
  void expiresAt(long epochMillis) {
    expiresAtMillis = epochMillis;
    if (epochMillis == Identity.NEVER) {
      stop();
    } else {
      session.loop().wheel().schedule(this, epochMillis - now() + Expiry.GRACE_MILLIS);
    }
  }

  /** Until the end; absent where there is none. */
  @Nullable Long ttlSeconds() {
    return expiresAtMillis == Identity.NEVER ? null : Expiry.ttlSeconds(expiresAtMillis - now());
  }

  /** The subscription has ended. */
  void stop() {
    session.loop().wheel().cancel(this);
  }

  @Override
  protected void fire() {
    session.expired(subscription);
  }

  private long now() {
    return session.loop().node().clock().millis();
  }
}
