package io.tidegate.gateway.edge;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Whether this node takes another connection. Thread-safe. */
public final class Admission {
  private final int maxConnections;
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean draining;

  public Admission(int maxConnections) {
    this.maxConnections = maxConnections;
  }

  /** Takes a place, which {@link #release} gives back; absent for yes, otherwise why not. */
  @Nullable Refused enter() {
    if (draining) {
      return Refused.DRAINING;
    }
    int before = connections.getAndUpdate(n -> n < maxConnections ? n + 1 : n);
    return before < maxConnections ? null : Refused.CONNECTION_LIMIT;
  }

  void release() {
    connections.decrementAndGet();
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
