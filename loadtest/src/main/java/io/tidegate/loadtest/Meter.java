package io.tidegate.loadtest;

import io.tidegate.loadtest.measure.JavaHeap;
import io.tidegate.loadtest.measure.Latency;
import io.tidegate.loadtest.measure.ProcessWatch;
import io.tidegate.loadtest.measure.ProcessWatch.Reading;
import io.tidegate.loadtest.measure.Timeline;
import io.tidegate.loadtest.report.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Looks at the clock, the counts and the processes, once a second. Confined to the main thread. */
final class Meter {
  private static final double NANOS = 1e9;

  private final List<ProcessWatch> watches;
  private final Consumer<String> progress;
  private final boolean heap;
  private final List<Long> heapBefore;
  private final List<Reading> before;
  private List<Long> heapConnected;
  private List<Reading> connected;
  private final Histogram latency = new Histogram(3);
  private final Timeline timeline = new Timeline();
  private LongSupplier events = () -> 0;
  private Supplier<List<Histogram>> latencies = List::of;
  private Supplier<String> words = () -> "";
  private long startNanos;
  private long lastNanos;
  private long lastEvents;
  private List<Reading> last;

  /** Readings at one moment: processes named by the user, and behind them the tester. */
  record Mark(long nanos, long events, List<Reading> processes) {
    Mark {
      processes = List.copyOf(processes);
    }

    double secondsSince(Mark from) {
      return (nanos - from.nanos) / NANOS;
    }
  }

  /**
   * Begins to watch, before anything has happened.
   *
   * @param watches the servers', and behind them the tester's
   * @param heap whether the servers' heaps are collected and looked at, too
   */
  Meter(List<ProcessWatch> watches, boolean heap, Consumer<String> progress)
      throws IOException, InterruptedException {
    this.watches = List.copyOf(watches);
    this.heap = heap;
    this.progress = progress;
    heapBefore = heaps();
    heapConnected = heapBefore;
    before = readings();
    connected = before;
    last = before;
  }

  void say(String line) {
    progress.accept(line);
  }

  /** Notes what the processes use with all connections there. */
  void connected() throws IOException, InterruptedException {
    heapConnected = heaps();
    connected = readings();
  }

  /**
   * Starts the clock of the timeline.
   *
   * @param counted what a rate is told of
   * @param measured latencies since the last call
   * @param more for the line of progress
   */
  void start(LongSupplier counted, Supplier<List<Histogram>> measured, Supplier<String> more) {
    events = counted;
    latencies = measured;
    words = more;
    startNanos = System.nanoTime();
    lastNanos = startNanos;
    lastEvents = counted.getAsLong();
    last = readings();
  }

  Mark mark() {
    return new Mark(System.nanoTime(), events.getAsLong(), readings());
  }

  /** Adds a point to the timeline and says a line. */
  void tick() {
    var interval = new Histogram(latency);
    interval.reset();
    latencies.get().forEach(interval::add);
    latency.add(interval);
    Mark now = mark();
    double seconds = (now.nanos - lastNanos) / NANOS;
    double rate = (now.events - lastEvents) / seconds;
    var cpu = new ArrayList<Double>();
    var rss = new ArrayList<Long>();
    for (int i = 0; i < watches.size(); i++) {
      Reading process = now.processes.get(i);
      cpu.add(Math.max(0, process.cpuSeconds() - last.get(i).cpuSeconds()) / seconds);
      rss.add(process.rssBytes());
    }
    double at = (now.nanos - startNanos) / NANOS;
    timeline.add(
        new Timeline.Point(
            at, rate, millis(interval, 50), millis(interval, 99), millis(interval, 100), cpu, rss));
    String took =
        interval.getTotalCount() == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", p50 %.2f ms p99 %.2f ms",
                interval.getValueAtPercentile(50) / 1e6,
                interval.getValueAtPercentile(99) / 1e6);
    progress.accept(
        String.format(Locale.ROOT, "%4.0f s: %s, %.0f/s%s", at, words.get(), rate, took));
    lastNanos = now.nanos;
    lastEvents = now.events;
    last = now.processes;
  }

  @Nullable Latency latency() {
    return Latency.of(latency);
  }

  List<Timeline.Point> timeline() {
    return timeline.points();
  }

  /**
   * What was used between two moments.
   *
   * @param units that the CPU is divided by
   */
  Report.Cost cost(Mark from, Mark to, double units, String unit, long connections) {
    var all = new ArrayList<Report.Measured>();
    for (int i = 0; i < watches.size(); i++) {
      all.add(
          new Report.Measured(
              watches.get(i).pid(),
              to.processes.get(i).cpuSeconds() - from.processes.get(i).cpuSeconds(),
              before.get(i).rssBytes(),
              connected.get(i).rssBytes(),
              to.processes.get(i).rssBytes(),
              i < heapBefore.size() ? heapBefore.get(i) : null,
              i < heapConnected.size() ? heapConnected.get(i) : null,
              watches.get(i).ended()));
    }
    List<Report.Measured> servers = all.subList(0, all.size() - 1);
    Report.Measured tester = all.get(all.size() - 1);
    double cpu = servers.stream().mapToDouble(Report.Measured::cpuSeconds).sum();
    double grown = servers.stream().mapToLong(one -> one.rssConnected() - one.rssBefore()).sum();
    boolean named = !servers.isEmpty();
    return new Report.Cost(
        servers,
        tester,
        unit,
        named && units > 0 ? cpu / units : null,
        units > 0 ? tester.cpuSeconds() / units : null,
        named && connections > 0 ? grown / connections : null,
        heap && named && connections > 0 ? heapGrown() / connections : null);
  }

  private double heapGrown() {
    double grown = 0;
    for (int i = 0; i < heapBefore.size(); i++) {
      grown += heapConnected.get(i) - heapBefore.get(i);
    }
    return grown;
  }

  /** Of the servers; empty where nobody asks for them. */
  private List<Long> heaps() throws IOException, InterruptedException {
    var bytes = new ArrayList<Long>();
    for (int i = 0; heap && i < watches.size() - 1; i++) {
      long pid = watches.get(i).pid();
      OptionalLong live = JavaHeap.live(pid);
      bytes.add(live.orElseThrow(() -> new LoadTestException("--heap: no Java process " + pid)));
    }
    return bytes;
  }

  private List<Reading> readings() {
    return watches.stream().map(ProcessWatch::read).toList();
  }

  private static @Nullable Double millis(Histogram nanos, double percentile) {
    return nanos.getTotalCount() == 0 ? null : nanos.getValueAtPercentile(percentile) / 1e6;
  }
}
