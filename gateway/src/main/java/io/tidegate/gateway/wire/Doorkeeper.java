package io.tidegate.gateway.wire;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Decides on sockets that have no 101 yet, and counts them. Thread-safe; never blocks. */
public interface Doorkeeper {
  /**
   * Whether a socket that was just accepted may stay; if so, {@link #left} follows once. Called on
   * the thread that accepts.
   *
   * @param peer the other end of the TCP connection
   */
  boolean admits(@Nullable InetAddress peer);

  /** The socket has its 101, or is gone. Called on its event loop, if one has taken it. */
  void left(@Nullable InetAddress peer);

  /** The socket said nothing that could be answered for too long, and is closed. */
  void late();
}
