package io.tidegate.gateway.api;

import java.util.List;

/**
 * The internal port.
 *
 * @param apiKeys keys that a caller may present; without any, only loopback may be listened on
 * @param maxBody bytes of a request at most; above it the answer is 413
 */
public record ApiSettings(String host, int port, List<String> apiKeys, int maxBody) {
  public ApiSettings {
    apiKeys = List.copyOf(apiKeys);
    if (apiKeys.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "host: " + host + " (expected: a loopback address where there are no api_keys)");
    }
    if (maxBody < 1) {
      throw new IllegalArgumentException("maxBody: " + maxBody + " (expected: >= 1)");
    }
  }

  // By the text alone: a name could mean one address now and another when it is bound.
  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  /** Leaves the keys out. */
  @Override
  public String toString() {
    return "ApiSettings[host=" + host + ", port=" + port + ", apiKeys=" + apiKeys.size() + "]";
  }
}
