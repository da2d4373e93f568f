package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Errand;
import io.tidegate.loadtest.client.Fleet;
import io.tidegate.loadtest.client.RunClock;
import io.tidegate.loadtest.measure.Tally;
import io.tidegate.loadtest.report.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code idle}: connections that do nothing but answer pings. Confined to the main thread.
 *
 * @param channels that clients spread over; 0 for clients that subscribe to nothing
 */
record Idle(Crowd crowd, int channels, String prefix, Duration warmup, Duration duration)
    implements Scenario {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  Idle {
    Usage.require(channels >= 0, "--channels", channels, "0 or more");
    Load.requireDurations(warmup, duration);
  }

  @Override
  public Report run(Frame frame) throws IOException, InterruptedException {
    Meter meter = frame.meter();
    var clock = new RunClock(frame.run(), 0, 0);
    var fleet = new Fleet(crowd.targets(), crowd.threads(), frame.run());
    try {
      var opening = new Opening();
      opening.open(
          fleet, clock, crowd.connections(), crowd.opening(), this::errand, meter, frame.stop());
      meter.start(
          () -> Tally.sum(fleet.tallies()).pings(),
          List::of,
          () -> {
            Report.Connections now = opening.report(crowd.connections());
            return "held " + (now.opened() - now.lost()) + " lost " + now.lost() + ", pings";
          });
      hold(frame, warmup);
      meter.connected();
      Meter.Mark from = meter.mark();
      hold(frame, duration);
      Meter.Mark to = meter.mark();
      double seconds = to.secondsSince(from);
      Report.Connections connections = opening.report(crowd.connections());
      long pings = to.events() - from.events();
      return new Report(
          frame.name(),
          frame.startedAt(),
          frame.stop().isDone(),
          frame.settings(),
          seconds,
          connections,
          null,
          null,
          null,
          null,
          new Report.Pings(pings, seconds > 0 ? pings / seconds : 0, opening.pingSeconds()),
          meter.cost(
              from,
              to,
              seconds * connections.opened() / 1e6,
              "million connection-seconds",
              connections.opened()),
          meter.timeline(),
          List.of());
    } finally {
      fleet.close();
    }
  }

  private Errand errand(int index) {
    String token = crowd.tokens().of(index);
    if (channels == 0) {
      return Errand.connectOnly(token);
    }
    int channel = index % channels;
    return new Errand(token, prefix + "-" + channel, channel, 0, null);
  }

  private static void hold(Frame frame, Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    long left = time.toNanos();
    while (left > 0 && !Waiting.upTo(Math.min(left, SECOND), frame.stop())) {
      frame.meter().tick();
      left = deadline - System.nanoTime();
    }
  }
}
