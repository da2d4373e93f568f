package io.tidegate.gateway.limits;

import org.jspecify.annotations.Nullable;

/**
 * How fast one client may be: messages and bytes per second, and how often it may exceed them.
 * Confined to its event loop. All times are nanoseconds of the monotonic clock.
 */
public final class Pace {
  private final TokenBucket messages;
  private final TokenBucket bytes;
  private final Violations violations;
  private boolean frameOverRate;

  public Pace(SessionLimits limits, long nowNanos) {
    this.messages = bucket(limits.messagesPerSecond(), limits.burstSeconds(), nowNanos);
    this.bytes = bucket(limits.bytesPerSecond(), limits.burstSeconds(), nowNanos);
    this.violations = new Violations(limits.violations());
  }

  /** A frame has come; the messages of it follow. */
  public void frame(int length, long nowNanos) {
    frameOverRate = !bytes.tryTake(length, nowNanos);
  }

  /** The name of the limit that a message of the last frame exceeds; absent where it is none. */
  public @Nullable String message(long nowNanos) {
    if (frameOverRate) {
      // The frame as a whole: or else a small message in front would carry the others through.
      return "bytes_per_second";
    }
    return messages.tryTake(1, nowNanos) ? null : "messages_per_second";
  }

  /** Counts a message that was refused; whether that is too many. */
  public boolean violated(long nowNanos) {
    return violations.add(nowNanos);
  }

  private static TokenBucket bucket(int perSecond, int burstSeconds, long nowNanos) {
    return new TokenBucket(perSecond, Math.max(1, (long) perSecond * burstSeconds), nowNanos);
  }
}
