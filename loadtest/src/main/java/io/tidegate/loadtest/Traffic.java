package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Awaited;
import io.tidegate.loadtest.client.Client;
import io.tidegate.loadtest.client.Dialects;
import io.tidegate.loadtest.client.Errand;
import io.tidegate.loadtest.client.Fleet;
import io.tidegate.loadtest.client.RunClock;
import io.tidegate.loadtest.measure.Latency;
import io.tidegate.loadtest.measure.Ledger;
import io.tidegate.loadtest.measure.Tally;
import io.tidegate.loadtest.report.Report;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code fanout}, {@code mesh} and {@code pairs}: publications to subscribers. Confined to the main
 * thread.
 */
final class Traffic implements Scenario {
  /** A ledger has an entry of 16 bytes for each publisher whom a client hears. */
  private static final long ENTRIES_AT_MOST = 20_000_000;

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long LEAD = SECOND / 2;
  private static final long STRAGGLER_STEP = TimeUnit.MILLISECONDS.toNanos(5);

  private final Crowd crowd;
  private final Load load;

  private Traffic(Crowd crowd, Load load) {
    this.crowd = crowd;
    this.load = load;
  }

  /** Refuses a plan that does not fit into this process and machine. */
  static Traffic of(Crowd crowd, Load load) throws IOException {
    var traffic = new Traffic(crowd, load);
    int channels = load.layout().channels();
    crowd.requireRoom(traffic.publishingConnections());
    Dialects dialect = crowd.targets().dialect();
    Usage.require(
        !dialect.bindsPublishers() || traffic.publishingConnections() == 0 || channels == 1,
        "--channels",
        channels,
        "1 with --dialect " + dialect);
    Usage.require(
        load.rate() != null || load.untilDelivered() || dialect.acknowledges(),
        "--closed-loop",
        "on",
        "with --until-delivered, because --dialect " + dialect + " has no answers");
    int slots = load.layout().slots();
    Usage.require(
        (long) crowd.connections() * slots <= ENTRIES_AT_MOST,
        "--connections",
        crowd.connections(),
        "at most " + ENTRIES_AT_MOST / slots + " with this many publishers in a channel");
    return traffic;
  }

  /** Connections beside those of the subscribers. */
  int publishingConnections() {
    return load.api() != null || load.layout().everyonePublishes() ? 0 : load.connections();
  }

  @Override
  public Report run(Frame frame) throws IOException, InterruptedException {
    Awaited awaited =
        load.untilDelivered() ? new Awaited(load.layout().channels(), load.layout().slots()) : null;
    var clock = new RunClock(frame.run(), load.payloadBytes(), load.warmup().toNanos(), awaited);
    var fleet = new Fleet(crowd.targets(), crowd.threads(), frame.run());
    // In an open loop what is due must not wait until what arrived is read. In a closed loop what
    // a pass completes is followed up at its end, with one write.
    Fleet publishing = load.rate() == null ? fleet : new Fleet(crowd.targets(), 1, ~frame.run());
    try {
      Meter meter = frame.meter();
      var opening = new Opening();
      int subscribers = crowd.connections();
      open(opening, fleet, clock, frame, subscribers, this::subscriber);
      open(
          opening,
          publishing,
          clock,
          frame,
          publishingConnections(),
          index -> publisher(subscribers + index));
      meter.connected();
      List<Client> clients = opening.clients();
      int firstPublisher =
          load.layout().everyonePublishes() ? 0 : Math.min(subscribers, clients.size());
      Load.Api api = load.api();
      Road road =
          api == null
              ? new Road.Clients(clients.subList(firstPublisher, clients.size()))
              : new Road.ServerApi(api, publishing.loop());
      var publishers = new Publishers(load, subscribers, clock, awaited, road, publishing.loop());
      Marks marks = frame.stop().isDone() ? null : publish(fleet, clock, publishers, frame);
      // Those that end from here on end because we end.
      Report.Connections connections = opening.report((long) subscribers + publishingConnections());
      fleet.close();
      publishing.close();
      return report(frame, fleet, marks, connections, publishers, opening);
    } finally {
      fleet.close();
      publishing.close();
    }
  }

  private Errand subscriber(int index) {
    int channel = load.layout().channelOfSubscriber(index);
    return new Errand(
        crowd.tokens().of(index),
        load.channel(channel),
        channel,
        load.layout().slots(),
        load.layout().everyonePublishes() ? load.channel(load.layout().channelOf(index)) : null);
  }

  private Errand publisher(int index) {
    String channel = load.layout().channels() == 1 ? load.channel(0) : null;
    return Errand.publisher(crowd.tokens().of(index), channel);
  }

  private void open(
      Opening opening,
      Fleet fleet,
      RunClock clock,
      Frame frame,
      int count,
      IntFunction<Errand> errands)
      throws InterruptedException {
    opening.open(fleet, clock, count, crowd.opening(), errands, frame.meter(), frame.stop());
    if (opening.failures().total() > 0) {
      throw new LoadTestException(
          "connections failed: " + opening.failures().kinds() + " of " + count);
    }
  }

  /** The beginning and the end of what is measured. */
  private record Marks(
      Meter.Mark from, Meter.Mark to, Tally.Sum sumFrom, Tally.Sum sumTo, long publishedNanos) {}

  private Marks publish(Fleet fleet, RunClock clock, Publishers publishers, Frame frame)
      throws InterruptedException {
    Meter meter = frame.meter();
    meter.start(
        () -> Tally.sum(fleet.tallies()).received(),
        () -> fleet.tallies().stream().map(Tally::sinceLast).toList(),
        () ->
            "acknowledged "
                + publishers.acknowledged()
                + " failed "
                + publishers.failures().total()
                + " received "
                + Tally.sum(fleet.tallies()).received());
    clock.start(System.nanoTime() + LEAD);
    CompletableFuture<Void> published = publishers.run();
    CompletableFuture<Object> over = CompletableFuture.anyOf(published, frame.stop());
    waitFor(over, meter, clock.startNanos() + load.warmup().toNanos());
    Meter.Mark from = meter.mark();
    Tally.Sum sumFrom = Tally.sum(fleet.tallies());
    waitFor(over, meter, Long.MAX_VALUE);
    long publishedNanos = System.nanoTime() - clock.startNanos();
    publishers.stop();
    Waiting.on(published);
    Meter.Mark to = stragglers(meter, expected(publishers));
    meter.tick();
    return new Marks(from, to, sumFrom, Tally.sum(fleet.tallies()), publishedNanos);
  }

  private static void waitFor(CompletableFuture<?> over, Meter meter, long deadlineNanos)
      throws InterruptedException {
    long left = deadlineNanos - System.nanoTime();
    while (left > 0 && !Waiting.upTo(Math.min(left, SECOND), over)) {
      meter.tick();
      left = deadlineNanos - System.nanoTime();
    }
  }

  /** The moment of the last delivery, once all are there or nobody can wait any longer. */
  private Meter.Mark stragglers(Meter meter, long expected) throws InterruptedException {
    long deadline = System.nanoTime() + load.drain().toNanos();
    var never = new CompletableFuture<Void>();
    Meter.Mark last = meter.mark();
    while (last.events() < expected && System.nanoTime() < deadline) {
      if (!Waiting.upTo(STRAGGLER_STEP, never)) {
        Meter.Mark now = meter.mark();
        last = now.events() > last.events() ? now : last;
      }
    }
    return last;
  }

  private long expected(Publishers publishers) {
    var perChannel = new long[load.layout().channels()];
    for (int channel = 0; channel < perChannel.length; channel++) {
      for (int slot = 0; slot < load.layout().slots(); slot++) {
        perChannel[channel] += publishers.acknowledged(channel, slot);
      }
    }
    long expected = 0;
    for (int subscriber = 0; subscriber < crowd.connections(); subscriber++) {
      expected += perChannel[load.layout().channelOfSubscriber(subscriber)];
    }
    return expected;
  }

  private Report report(
      Frame frame,
      Fleet fleet,
      @Nullable Marks marks,
      Report.Connections connections,
      Publishers publishers,
      Opening opening) {
    Meter meter = frame.meter();
    Tally.Sum all = Tally.sum(fleet.tallies());
    Meter.Mark end = meter.mark();
    Meter.Mark from = marks == null ? end : marks.from;
    Meter.Mark to = marks == null ? end : marks.to;
    // CPU and bytes are of those that came in that time; those that are measured are of
    // publications
    // that were due in it.
    long came = to.events() - from.events();
    Latency latency = meter.latency();
    long bytes = marks == null ? 0 : marks.sumTo.bytes() - marks.sumFrom.bytes();
    double seconds = to.secondsSince(from);
    long lost = 0;
    long duplicates = 0;
    long disorder = 0;
    int subscribers = Math.min(crowd.connections(), opening.clients().size());
    for (int i = 0; i < subscribers; i++) {
      Ledger ledger = opening.clients().get(i).ledger();
      lost += lost(ledger, load.layout().channelOfSubscriber(i), publishers);
      duplicates += ledger.duplicates();
      disorder += ledger.disorder();
    }
    return new Report(
        frame.name(),
        frame.startedAt(),
        frame.stop().isDone(),
        frame.settings(),
        seconds,
        connections,
        new Report.Publications(
            publishers.sent(),
            publishers.acknowledged(),
            publishers.failures().total(),
            marks == null ? 0 : publishers.unsent(marks.publishedNanos),
            publishers.failures().kinds()),
        new Report.Deliveries(
            latency == null ? 0 : latency.count(),
            seconds > 0 ? came / seconds : 0,
            (double) bytes / Math.max(1, came),
            lost,
            duplicates,
            disorder,
            opening.positioned(),
            all.misdelivered(),
            all.foreign()),
        latency,
        null,
        null,
        meter.cost(from, to, came / 1e6, "million deliveries", connections.opened()),
        meter.timeline(),
        List.of());
  }

  private long lost(Ledger ledger, int channel, Publishers publishers) {
    long lost = 0;
    for (int slot = 0; slot < load.layout().slots(); slot++) {
      lost += Math.max(0, publishers.acknowledged(channel, slot) - ledger.received(slot));
    }
    return lost;
  }
}
