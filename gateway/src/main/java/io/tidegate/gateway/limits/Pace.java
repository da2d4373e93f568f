package io.tidegate.gateway.limits;

import org.jspecify.annotations.Nullable;

/**
 * How fast one client may be: messages and bytes per second, how often it may exceed them, and how
 * often its commands may fail. Confined to its event loop. All times are nanoseconds of the
 * monotonic clock.
 */
public final class Pace {
  private final Rules rules;
  private final TokenBucket messages;
  private final TokenBucket bytes;
  private @Nullable Violations violations;
  private @Nullable Violations failures;
  private boolean frameOverRate;

  /** What the paces of all clients go by; made once. Thread-safe. */
  public static final class Rules {
    private final Rate messages;
    private final Rate bytes;
    private final int violations;
    private final int failures;

    public Rules(SessionLimits limits) {
      messages = Rate.burstOf(limits.burstSeconds(), limits.messagesPerSecond());
      bytes = Rate.burstOf(limits.burstSeconds(), limits.bytesPerSecond());
      violations = limits.violations();
      failures = limits.failedCommands();
    }
  }

  public Pace(Rules rules, long nowNanos) {
    this.rules = rules;
    this.messages = new TokenBucket(rules.messages, nowNanos);
    this.bytes = new TokenBucket(rules.bytes, nowNanos);
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
    if (violations == null) {
      violations = new Violations(rules.violations, nowNanos);
    }
    return violations.add(nowNanos);
  }

  /** Counts a command that failed for good; whether that is too many. */
  public boolean failed(long nowNanos) {
    if (failures == null) {
      failures = new Violations(rules.failures, nowNanos);
    }
    return failures.add(nowNanos);
  }
}
