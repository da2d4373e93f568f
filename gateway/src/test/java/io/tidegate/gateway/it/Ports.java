package io.tidegate.gateway.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for what cannot listen on port 0. Below the range from which the system gives ports to
 * outgoing connections, so that no connection of a test takes one between choice and use.
 */
final class Ports {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;
  private static final int STEP = 61;

  private static final AtomicInteger next =
      new AtomicInteger((int) (ProcessHandle.current().pid() * STEP % COUNT));

  private Ports() {}

  /** A port of 127.0.0.1 that is free now, and not given out before by this process. */
  static int free() {
    for (int tries = 0; tries < COUNT; tries++) {
      int port = FIRST + next.getAndIncrement() % COUNT;
      if (isFree(port)) {
        return port;
      }
    }
    throw new AssertionError("no free port from " + FIRST + " to " + (FIRST + COUNT));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
