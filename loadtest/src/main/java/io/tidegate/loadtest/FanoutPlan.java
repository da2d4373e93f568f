package io.tidegate.loadtest;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one run of {@code fanout} is to do. */
record FanoutPlan(
    List<URI> urls,
    @Nullable String token,
    boolean insecure,
    int subscribers,
    String channel,
    URI api,
    @Nullable String apiKey,
    double rate,
    int payloadBytes,
    Duration warmup,
    Duration duration,
    int inFlight,
    int threads,
    List<Long> pids) {
  private static final int PAYLOAD_AT_MOST = 1 << 20;

  FanoutPlan {
    urls = List.copyOf(urls);
    pids = List.copyOf(pids);
    require(!urls.isEmpty(), "--url", urls, "at least one");
    for (URI url : urls) {
      boolean good = url.getHost() != null && Set.of("ws", "wss").contains(scheme(url));
      require(good, "--url", url, "ws://HOST:PORT/PATH or wss://HOST:PORT/PATH");
    }
    boolean plainApi = api.getHost() != null && Set.of("http", "https").contains(scheme(api));
    require(plainApi, "--api", api, "http://HOST:PORT");
    require(subscribers > 0, "--subscribers", subscribers, "> 0");
    require(!channel.isEmpty(), "--channel", channel, "a name");
    require(rate > 0 && rate <= 100_000, "--rate", rate, "> 0, at most 100000");
    require(
        payloadBytes >= TestData.LEAST_BYTES && payloadBytes <= PAYLOAD_AT_MOST,
        "--payload",
        payloadBytes,
        TestData.LEAST_BYTES + " to " + PAYLOAD_AT_MOST);
    require(duration.toMillis() > 0, "--duration", duration, "> 0");
    require(
        inFlight > 0 && inFlight < Ledger.WINDOW, "--in-flight", inFlight, "1 to " + Ledger.WINDOW);
    require(threads > 0, "--threads", threads, "> 0");
  }

  /** When which publication is due, counted from the first. */
  Schedule schedule() {
    return Schedule.of(rate, warmup, duration);
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme();
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
