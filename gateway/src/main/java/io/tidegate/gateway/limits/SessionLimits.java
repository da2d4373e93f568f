package io.tidegate.gateway.limits;

/**
 * The bounds of one connection.
 *
 * @param maxPayload bytes of one message, in and reassembled; above it the connection closes with
 *     1009
 * @param messagesPerSecond sustained rate of messages in, each command being one; 0 for no limit
 * @param bytesPerSecond sustained rate of bytes in; 0 for no limit
 * @param burstSeconds how many seconds' worth may come at once
 * @param violations refused commands within ten seconds after which the connection closes with 3013
 * @param failedCommands commands within ten seconds that failed for good after which the connection
 *     closes with 3509
 * @param subscriptions channels per connection
 * @param channelLength bytes of a channel name, in UTF-8
 * @param queueBytes bytes waiting for a slow client before it is closed with 3008
 */
public record SessionLimits(
    int maxPayload,
    int messagesPerSecond,
    int bytesPerSecond,
    int burstSeconds,
    int violations,
    int failedCommands,
    int subscriptions,
    int channelLength,
    int queueBytes,
    FrameLimits frames) {
  /** More than a client has that subscribes to as many channels as it may, and may to none. */
  public static final int FAILED_COMMANDS = 200;

  public SessionLimits {
    require(maxPayload >= 128 && maxPayload <= 64 << 20, "maxPayload", maxPayload, "128B to 64MiB");
    require(messagesPerSecond >= 0, "messagesPerSecond", messagesPerSecond, ">= 0");
    require(
        bytesPerSecond == 0 || (long) bytesPerSecond * burstSeconds >= maxPayload,
        "bytesPerSecond",
        bytesPerSecond,
        "0, or enough for one message of max_payload within the burst");
    require(burstSeconds >= 1, "burstSeconds", burstSeconds, ">= 1");
    require(
        (long) Math.max(messagesPerSecond, bytesPerSecond) * burstSeconds <= Rate.MAX_BURST,
        "burstSeconds",
        burstSeconds,
        "times the rates at most " + Rate.MAX_BURST);
    require(violations >= 1, "violations", violations, ">= 1");
    require(failedCommands >= 1, "failedCommands", failedCommands, ">= 1");
    require(subscriptions >= 1, "subscriptions", subscriptions, ">= 1");
    require(
        channelLength >= 1 && channelLength <= 1024, "channelLength", channelLength, "1 to 1024");
    require(queueBytes >= 4096, "queueBytes", queueBytes, ">= 4KiB");
  }

  /** Limits with the default bounds on frames and failures. */
  public SessionLimits(
      int maxPayload,
      int messagesPerSecond,
      int bytesPerSecond,
      int burstSeconds,
      int violations,
      int subscriptions,
      int channelLength,
      int queueBytes) {
    this(
        maxPayload,
        messagesPerSecond,
        bytesPerSecond,
        burstSeconds,
        violations,
        FAILED_COMMANDS,
        subscriptions,
        channelLength,
        queueBytes,
        FrameLimits.DEFAULT);
  }

  static void require(boolean holds, String name, int value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
