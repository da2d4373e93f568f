package io.tidegate.gateway.api;

import io.tidegate.gateway.auth.ApiKeys;
import java.util.List;

/**
 * The internal port.
 *
 * @param keys what a caller has to present; without any, only loopback may be listened on
 * @param bounds of requests, on this port and through the backplane each
 */
public record ApiSettings(String host, int port, List<ApiKeys.Key> keys, Bounds bounds) {
  /**
   * What requests may hold.
   *
   * @param maxBody bytes of a request at most; above it the answer is 413
   * @param maxPending bytes of all requests under way at most; above it the answer is 503
   */
  public record Bounds(int maxBody, int maxPending) {
    public Bounds {
      if (maxBody < 1) {
        throw new IllegalArgumentException("maxBody: " + maxBody + " (expected: >= 1)");
      }
      if (maxPending < maxBody) {
        throw new IllegalArgumentException(
            "maxPending: " + maxPending + " (expected: at least maxBody, " + maxBody + ")");
      }
    }
  }

  public ApiSettings {
    keys = List.copyOf(keys);
    if (keys.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "host: " + host + " (expected: a loopback address where there are no keys)");
    }
  }

  // By the text alone: a name could mean one address now and another when it is bound.
  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }
}
