package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Payload;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is published, and when.
 *
 * @param rate publications per second of all publishers; null for a closed loop, in which each
 *     sends its next when the last one is answered
 * @param untilDelivered whether, in a closed loop, a publication is done only when all have it
 * @param connections how many clients the publishers share, where they are not the subscribers
 * @param drain how long late publications, and after them late deliveries, are waited for
 * @param api where the server API is; null where clients publish
 */
record Load(
    Layout layout,
    String prefix,
    int payloadBytes,
    @Nullable Double rate,
    boolean untilDelivered,
    int connections,
    @Nullable Api api,
    Duration warmup,
    Duration duration,
    Duration drain) {
  private static final int PAYLOAD_AT_MOST = 1 << 20;
  private static final double RATE_AT_MOST = 1_000_000;
  private static final Duration AT_MOST = Duration.ofHours(24);
  private static final Duration DRAIN_AT_MOST = Duration.ofMinutes(10);
  private static final double PUBLICATIONS_AT_MOST = 1e9;

  record Api(URI url, @Nullable String key) {
    Api {
      boolean http = url.getHost() != null && String.valueOf(url.getScheme()).matches("https?");
      Usage.require(http, "--api", url, "http://HOST:PORT");
    }
  }

  Load {
    Usage.require(!prefix.isEmpty(), "--channel", prefix, "a name");
    Usage.require(
        payloadBytes >= Payload.LEAST_BYTES && payloadBytes <= PAYLOAD_AT_MOST,
        "--payload",
        payloadBytes,
        Payload.LEAST_BYTES + " to " + PAYLOAD_AT_MOST);
    Usage.require(
        rate == null || !untilDelivered, "--until-delivered", "on", "with --closed-loop only");
    Usage.require(
        connections > 0 && connections <= layout.publishers(),
        "--publishing-connections",
        connections,
        "1 to " + layout.publishers() + ", the number of publishers");
    requireDurations(warmup, duration);
    Usage.require(drain.compareTo(DRAIN_AT_MOST) <= 0, "--drain", drain, "at most 10m");
    if (rate != null) {
      requireRate(rate);
      double publications = rate * warmup.plus(duration).toSeconds();
      Usage.require(
          publications < PUBLICATIONS_AT_MOST,
          "--rate",
          rate,
          "less than 1000000000 publications in --warmup and --duration");
    }
  }

  static void requireDurations(Duration warmup, Duration duration) {
    Usage.require(warmup.compareTo(AT_MOST) <= 0, "--warmup", warmup, "at most 24h");
    boolean some = !duration.isZero() && duration.compareTo(AT_MOST) <= 0;
    Usage.require(some, "--duration", duration, "more than 0s, at most 24h");
  }

  static void requireRate(double rate) {
    Usage.require(rate > 0 && rate <= RATE_AT_MOST, "--rate", rate, "more than 0, at most 1000000");
  }

  /** A single channel has the name that was given; several are numbered. */
  String channel(int number) {
    return layout.channels() == 1 ? prefix : prefix + "-" + number;
  }

  /** From the first publication to the end of what is measured. */
  long nanos() {
    return warmup.plus(duration).toNanos();
  }
}
