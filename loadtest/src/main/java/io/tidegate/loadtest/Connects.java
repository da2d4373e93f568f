package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Client;
import io.tidegate.loadtest.client.Errand;
import io.tidegate.loadtest.client.Fleet;
import io.tidegate.loadtest.client.RunClock;
import io.tidegate.loadtest.measure.Latency;
import io.tidegate.loadtest.report.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * {@code connect}: connections that come at a rate, stay a while and go. Confined to the main
 * thread.
 *
 * @param rate connections per second; null for a closed loop, in which the next comes when one is
 *     gone
 * @param hold how long each stays
 */
record Connects(
    Crowd crowd, @Nullable Double rate, Duration hold, Duration warmup, Duration duration)
    implements Scenario {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  Connects {
    Load.requireDurations(warmup, duration);
    if (rate != null) {
      Load.requireRate(rate);
    }
    Usage.require(hold.toHours() <= 24, "--hold", hold, "at most 24h");
  }

  @Override
  public Report run(Frame frame) throws IOException, InterruptedException {
    Meter meter = frame.meter();
    var fleet = new Fleet(crowd.targets(), crowd.threads(), frame.run());
    var thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "doorman"));
    var clock = new RunClock(frame.run(), 0, 0);
    var doorman = new Doorman(this, index -> open(fleet, clock, index), thread);
    try {
      var handshakes = new Histogram(3);
      meter.start(
          doorman::opened,
          () -> {
            handshakes.add(doorman.handshakes());
            return List.of(doorman.connects());
          },
          () ->
              "opened "
                  + doorman.opened()
                  + " failed "
                  + doorman.failures().total()
                  + " open "
                  + doorman.open());
      CompletableFuture<Void> finished = doorman.run();
      var over = CompletableFuture.anyOf(finished, frame.stop());
      wait(over, meter, System.nanoTime() + warmup.toNanos());
      Meter.Mark from = meter.mark();
      wait(over, meter, Long.MAX_VALUE);
      Meter.Mark to = meter.mark();
      doorman.stop();
      Waiting.on(finished);
      meter.tick();
      double seconds = to.secondsSince(from);
      long opened = to.events() - from.events();
      double perSecond = seconds > 0 ? opened / seconds : 0;
      return new Report(
          frame.name(),
          frame.startedAt(),
          frame.stop().isDone(),
          frame.settings(),
          seconds,
          new Report.Connections(
              doorman.wanted(),
              doorman.opened(),
              perSecond,
              doorman.failures().kinds(),
              doorman.lost().total(),
              doorman.lost().kinds()),
          null,
          null,
          meter.latency(),
          Latency.of(handshakes),
          null,
          meter.cost(from, to, opened / 1e3, "thousand connections", 0),
          meter.timeline(),
          List.of());
    } finally {
      thread.shutdownNow();
      fleet.close();
    }
  }

  private Client open(Fleet fleet, RunClock clock, int index) {
    return fleet.open(Errand.connectOnly(crowd.tokens().of(index)), clock);
  }

  private static void wait(CompletableFuture<?> over, Meter meter, long deadlineNanos)
      throws InterruptedException {
    long left = deadlineNanos - System.nanoTime();
    while (left > 0 && !Waiting.upTo(Math.min(left, SECOND), over)) {
      meter.tick();
      left = deadlineNanos - System.nanoTime();
    }
  }
}
