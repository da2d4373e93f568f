package io.tidegate.loadtest;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** A run of {@code fanout}, on the thread that calls it. */
final class Fanout {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long LEAD = SECOND / 2;
  private static final long STRAGGLERS = 5 * SECOND;
  private static final long STRAGGLER_STEP = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int REASONS_AT_MOST = 5;

  private final FanoutPlan plan;
  private final Schedule schedule;
  private final Consumer<String> progress;
  private final Audience audience;
  private final Publisher publisher;
  private final Histogram latency = new Histogram(3);
  private long told;

  /** Readings at one moment. */
  private record Mark(long nanos, long received, long bytes, double serverCpu, double ownCpu) {}

  private Fanout(FanoutPlan plan, Consumer<String> progress) throws IOException {
    this.plan = plan;
    this.progress = progress;
    schedule = plan.schedule();
    audience = new Audience(plan);
    publisher = new Publisher(plan);
  }

  /**
   * Runs the plan.
   *
   * @param progress is told a line per second
   */
  static FanoutReport run(FanoutPlan plan, Consumer<String> progress)
      throws IOException, InterruptedException {
    var fanout = new Fanout(plan, progress);
    try {
      return fanout.run();
    } finally {
      fanout.publisher.close();
      fanout.audience.close();
    }
  }

  private FanoutReport run() throws IOException, InterruptedException {
    audience.open();
    progress.accept("subscribed: " + plan.subscribers());
    long start = System.nanoTime() + LEAD;
    audience.counts().forEach(count -> count.start(start));
    CompletableFuture<Void> published = publisher.run(start);
    waitFor(published, start + schedule.dueNanos(schedule.warmupCount()));
    Mark from = mark();
    waitFor(published, Long.MAX_VALUE);
    Mark to = stragglers();
    tell();
    List<String> broken = audience.broken();
    audience.close();
    return report(from, to, broken);
  }

  /** Waits until the publisher is done, or to the deadline; a line of progress every second. */
  private void waitFor(CompletableFuture<Void> published, long deadlineNanos)
      throws InterruptedException {
    long left = deadlineNanos - System.nanoTime();
    while (left > 0 && !Waiting.upTo(Math.min(left, SECOND), published)) {
      tell();
      left = deadlineNanos - System.nanoTime();
    }
  }

  /** The moment of the last delivery, once all are there or nobody can wait any longer. */
  private Mark stragglers() throws IOException, InterruptedException {
    long expected = publisher.acknowledged() * plan.subscribers();
    long deadline = System.nanoTime() + STRAGGLERS;
    var never = new CompletableFuture<Void>();
    Mark last = mark();
    while (last.received < expected && System.nanoTime() < deadline) {
      if (!Waiting.upTo(STRAGGLER_STEP, never) && received() > last.received) {
        last = mark();
      }
    }
    return last;
  }

  private FanoutReport report(Mark from, Mark to, List<String> broken) {
    long lost = 0;
    long duplicates = 0;
    long outOfOrder = 0;
    for (Subscriber subscriber : audience.subscribers()) {
      Ledger ledger = subscriber.ledger();
      lost += Math.max(0, publisher.acknowledged() - ledger.received());
      duplicates += ledger.duplicates();
      outOfOrder += ledger.outOfOrder();
    }
    long deliveries = to.received - from.received;
    double seconds = (to.nanos - from.nanos) / 1e9;
    double millions = Math.max(1, deliveries) / 1e6;
    double serverCpu = to.serverCpu - from.serverCpu;
    boolean named = !plan.pids().isEmpty();
    return new FanoutReport(
        plan.subscribers(),
        plan.rate(),
        plan.payloadBytes(),
        seconds,
        publisher.acknowledged(),
        publisher.failed(),
        publisher.firstFailure(),
        deliveries,
        deliveries / seconds,
        (double) (to.bytes - from.bytes) / Math.max(1, deliveries),
        lost,
        duplicates,
        audience.positioned() ? outOfOrder : null,
        broken.size(),
        broken.stream().distinct().limit(REASONS_AT_MOST).toList(),
        FanoutReport.LatencyMillis.of(latency),
        named ? serverCpu : null,
        named ? serverCpu / millions : null,
        (to.ownCpu - from.ownCpu) / millions);
  }

  private void tell() {
    var second = new Histogram(latency);
    second.reset();
    audience.counts().forEach(count -> second.add(count.sinceLast()));
    latency.add(second);
    long received = received();
    String latencies =
        second.getTotalCount() == 0
            ? "nothing measured"
            : String.format(
                Locale.ROOT,
                "p50 %.2f ms p99 %.2f ms",
                second.getValueAtPercentile(50) / 1e6,
                second.getValueAtPercentile(99) / 1e6);
    progress.accept(
        String.format(
            Locale.ROOT,
            "acknowledged %d failed %d received %d (+%d) %s",
            publisher.acknowledged(),
            publisher.failed(),
            received,
            received - told,
            latencies));
    told = received;
  }

  private Mark mark() throws IOException {
    long bytes = audience.counts().stream().mapToLong(LoopCount::bytes).sum();
    List<Long> self = List.of(ProcessHandle.current().pid());
    return new Mark(
        System.nanoTime(),
        received(),
        bytes,
        ProcessCpu.seconds(plan.pids()),
        ProcessCpu.seconds(self));
  }

  private long received() {
    return audience.counts().stream().mapToLong(LoopCount::received).sum();
  }
}
