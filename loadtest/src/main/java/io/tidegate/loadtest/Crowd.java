package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Fleet;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The clients of a run.
 *
 * @param opening how many may be on their way at once
 */
record Crowd(Fleet.Targets targets, Tokens tokens, int connections, int opening, int threads) {
  /** Files that the tester itself needs: jars, pipes, its connections to the server API. */
  static final int FILES_RESERVED = 200;

  Crowd {
    for (URI url : targets.urls()) {
      boolean good =
          url.getHost() != null && Set.of("ws", "wss").contains(String.valueOf(url.getScheme()));
      Usage.require(good, "--url", url, "ws://HOST:PORT/PATH or wss://HOST:PORT/PATH");
    }
    Usage.require(connections > 0, "--connections", connections, "at least 1");
    Usage.require(opening > 0, "--opening", opening, "at least 1");
    Usage.require(threads > 0 && threads <= 64, "--threads", threads, "1 to 64");
    int timeout = targets.timeoutSeconds();
    Usage.require(timeout > 0 && timeout <= 600, "--timeout", timeout, "1s to 10m");
  }

  /** Whether this process and this machine can have so many connections. */
  void requireRoom(int more) throws IOException {
    long sockets = (long) connections + more;
    long files = filesAtMost(Files.readString(Path.of("/proc/self/limits")));
    Usage.require(
        sockets <= files - FILES_RESERVED,
        "--connections",
        connections,
        "at most "
            + Math.max(0, files - FILES_RESERVED - more)
            + ", because this process may open "
            + files
            + " files; raise ulimit -n, or run several testers");
    String range = firstLine(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
    long roads = (long) Math.max(1, targets.sources().size()) * targets.urls().size();
    Usage.require(
        sockets <= ports(range) * roads,
        "--connections",
        connections,
        "at most "
            + ports(range) * roads
            + ", because an address has "
            + ports(range)
            + " ports to connect from; add --source addresses");
  }

  /** The soft limit, which the virtual machine has raised to the hard one. */
  static long filesAtMost(String limits) {
    return limits
        .lines()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.substring("Max open files".length()).strip().split("\\s+", 2)[0])
        .mapToLong(soft -> soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft))
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  // The kernel gives such a file in one read or not at all; Files.readString begins with one byte.
  private static String firstLine(Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      return String.valueOf(reader.readLine());
    }
  }

  static long ports(String range) {
    String[] ends = range.strip().split("\\s+", 2);
    return Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1;
  }
}
