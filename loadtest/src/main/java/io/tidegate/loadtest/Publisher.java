package io.tidegate.loadtest;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes by the schedule through the server API. What it may not send yet, because too much is
 * unanswered, it sends as soon as it may; the schedule does not move. Its state is confined to its
 * own thread; counts may be read from anywhere.
 */
final class Publisher {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final FanoutPlan plan;
  private final Schedule schedule;
  private final String quotedChannel;
  private final URI publish;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "publisher"));
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(thread).build();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile @Nullable String firstFailure;
  private long startNanos;
  private long sent;
  private int unanswered;
  private @Nullable ScheduledFuture<?> wakeUp;

  Publisher(FanoutPlan plan) {
    this.plan = plan;
    schedule = plan.schedule();
    quotedChannel = new ObjectMapper().getNodeFactory().textNode(plan.channel()).toString();
    publish = plan.api().resolve("/api/publish");
  }

  /** Completes when the last publication is answered. */
  CompletableFuture<Void> run(long firstDueNanos) {
    thread.execute(
        () -> {
          startNanos = firstDueNanos;
          sendWhatIsDue();
        });
    return done;
  }

  long acknowledged() {
    return acknowledged.get();
  }

  long failed() {
    return failed.get();
  }

  /** The first failure as text, or null. */
  @Nullable String firstFailure() {
    return firstFailure;
  }

  void close() {
    thread.shutdownNow();
  }

  private void sendWhatIsDue() {
    try {
      sendAll();
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private void sendAll() {
    while (sent < schedule.count() && unanswered < plan.inFlight()) {
      long wait = startNanos + schedule.dueNanos(sent) - System.nanoTime();
      if (wait > 0) {
        wakeIn(wait);
        return;
      }
      send(sent++);
    }
    if (sent == schedule.count() && unanswered == 0) {
      done.complete(null);
    }
  }

  private void wakeIn(long nanos) {
    if (wakeUp != null) {
      return;
    }
    wakeUp =
        thread.schedule(
            () -> {
              wakeUp = null;
              sendWhatIsDue();
            },
            nanos,
            TimeUnit.NANOSECONDS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Both outcomes end in answered().
  private void send(long number) {
    unanswered++;
    http.sendAsync(request(number), BodyHandlers.ofString())
        .whenCompleteAsync((response, failure) -> answered(response, failure), thread);
  }

  private void answered(@Nullable HttpResponse<String> response, @Nullable Throwable failure) {
    unanswered--;
    if (response != null && response.statusCode() == 200 && isResult(response.body())) {
      acknowledged.incrementAndGet();
    } else {
      failed.incrementAndGet();
      if (firstFailure == null) {
        firstFailure =
            response == null
                ? String.valueOf(failure)
                : response.statusCode() + " " + response.body();
      }
    }
    sendWhatIsDue();
  }

  private static boolean isResult(String body) {
    return body.startsWith("{\"result\"");
  }

  private HttpRequest request(long number) {
    String data = TestData.of(number, plan.payloadBytes());
    var body = "{\"channel\":" + quotedChannel + ",\"data\":" + data + "}";
    var request =
        HttpRequest.newBuilder(publish)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (plan.apiKey() != null) {
      request.header("X-API-Key", plan.apiKey());
    }
    return request.build();
  }
}
