package io.tidegate.gateway.edge;

import io.tidegate.gateway.address.ClientAddresses;
import io.tidegate.gateway.limits.AddressConnections;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.wire.Doorkeeper;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of this node that have no 101 yet: how many there may be, and how many of one
 * address. Whoever is above that is cut before TLS has cost anything. Thread-safe.
 *
 * <p>What counts is the other end of the TCP connection, since nothing else is known yet; so a
 * trusted proxy's address is not counted, and its clients are by {@link Admission} only.
 */
final class Handshakes implements Doorkeeper {
  private final int most;
  private final ClientAddresses clients;
  private final AddressConnections addresses;
  private final Metrics metrics;
  private final AtomicInteger sockets = new AtomicInteger();

  Handshakes(ListenSettings settings, ClientAddresses clients, Metrics metrics) {
    this.most = settings.maxHandshakes();
    this.clients = clients;
    this.addresses = new AddressConnections(settings.connectionsPerAddress());
    this.metrics = metrics;
  }

  @Override
  public boolean admits(@Nullable InetAddress peer) {
    int before = sockets.getAndUpdate(n -> n < most ? n + 1 : n);
    if (before >= most) {
      metrics.upgradeRefused("handshake_limit");
      return false;
    }
    if (peer != null && isCounted(peer) && !addresses.enter(peer)) {
      sockets.decrementAndGet();
      metrics.upgradeRefused(Refused.ADDRESS_LIMIT.label());
      return false;
    }
    return true;
  }

  @Override
  public void left(@Nullable InetAddress peer) {
    sockets.decrementAndGet();
    if (peer != null && isCounted(peer)) {
      addresses.leave(peer);
    }
  }

  @Override
  public void late() {
    metrics.upgradeRefused(Refused.HANDSHAKE_TIMEOUT.label());
  }

  /** Sockets now. */
  int sockets() {
    return sockets.get();
  }

  private boolean isCounted(InetAddress peer) {
    return !clients.isProxy(peer);
  }
}
