package io.tidegate.gateway.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as the configuration writes them, for the command line. */
public final class Durations {
  private static final Type<Duration> LIFETIME =
      Types.duration(Duration.ofSeconds(1), Duration.ofDays(3650));

  private Durations() {}

  /** Absent for what is no duration from 1s on. */
  public static @Nullable Duration parse(String text) {
    return LIFETIME.parse().apply(text);
  }
}
