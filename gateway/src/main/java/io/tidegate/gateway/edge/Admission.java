package io.tidegate.gateway.edge;

import io.tidegate.gateway.address.Client;
import io.tidegate.gateway.limits.AddressConnections;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Whether this node takes another connection. Thread-safe. */
public final class Admission {
  private final int maxConnections;
  private final AddressConnections addresses;
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean draining;

  public Admission(int maxConnections, AddressConnections addresses) {
    this.maxConnections = maxConnections;
    this.addresses = addresses;
  }

  /** Takes a place, which {@link #release} gives back; absent for yes, otherwise why not. */
  @Nullable Refused enter(Client client) {
    if (draining) {
      return Refused.DRAINING;
    }
    int before = connections.getAndUpdate(n -> n < maxConnections ? n + 1 : n);
    if (before >= maxConnections) {
      return Refused.CONNECTION_LIMIT;
    }
    InetAddress counted = counted(client);
    if (counted != null && !addresses.enter(counted)) {
      connections.decrementAndGet();
      return Refused.ADDRESS_LIMIT;
    }
    return null;
  }

  void release(Client client) {
    connections.decrementAndGet();
    InetAddress counted = counted(client);
    if (counted != null) {
      addresses.leave(counted);
    }
  }

  /** Behind the address of a proxy there may be all of the world. */
  private static @Nullable InetAddress counted(Client client) {
    return client.proxy() ? null : client.address();
  }

  /** From now on nobody is let in. */
  public void close() {
    draining = true;
  }

  /** Connections now, those in the middle of their upgrade or their close handshake included. */
  public int connections() {
    return connections.get();
  }
}
