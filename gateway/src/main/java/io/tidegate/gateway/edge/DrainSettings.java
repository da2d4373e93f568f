package io.tidegate.gateway.edge;

import java.time.Duration;

/**
 * How a node stops. All three begin with the signal to stop or follow on it, so that a supervisor
 * which kills after thirty seconds never has to.
 *
 * @param delay between "not ready" and the first close, so that the load balancer notices
 * @param window over which the closes are spread, once the delay is over
 * @param deadline after which, counted from the signal, whatever is left is cut
 */
public record DrainSettings(Duration delay, Duration window, Duration deadline) {
  public DrainSettings {
    if (delay.isNegative() || window.isNegative()) {
      throw new IllegalArgumentException(
          "window: " + window + " after " + delay + " (expected: >= 0s)");
    }
    if (deadline.compareTo(delay.plus(window)) < 0) {
      throw new IllegalArgumentException(
          "deadline: " + deadline + " (expected: at least delay and window together)");
    }
  }
}
