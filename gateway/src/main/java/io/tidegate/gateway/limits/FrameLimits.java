package io.tidegate.gateway.limits;

/**
 * Bounds on frames, which cost something whatever is in them.
 *
 * @param fragmentsPerMessage frames of one message; above it the connection closes with 1008
 * @param controlFramesPerSecond pings and pongs, sustained; above it, and {@link #BURST_SECONDS} of
 *     it at once, the connection closes with 3013; 0 for no limit
 */
public record FrameLimits(int fragmentsPerMessage, int controlFramesPerSecond) {
  public static final FrameLimits DEFAULT = new FrameLimits(1_024, 50);

  /** How many seconds' worth of control frames may come at once. */
  public static final int BURST_SECONDS = 2;

  public FrameLimits {
    SessionLimits.require(
        fragmentsPerMessage >= 1, "fragmentsPerMessage", fragmentsPerMessage, ">= 1");
    SessionLimits.require(
        controlFramesPerSecond >= 0, "controlFramesPerSecond", controlFramesPerSecond, ">= 0");
  }
}
