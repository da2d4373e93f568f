package io.tidegate.loadtest.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidegate.loadtest.measure.Latency;
import io.tidegate.loadtest.measure.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run. Loss, duplicates and order are of the whole run; rates, latency and CPU of
 * what came after the warm-up.
 *
 * @param interrupted whether it was ended before its time
 * @param settings what was asked for, without secrets
 * @param publications null where nothing is published
 * @param deliveries null where nothing is published
 * @param latencyMillis from when a publication, or a connection, was due; null where none was
 *     measured
 * @param handshakeMillis from when a connection was due to the end of the upgrade
 * @param checks the thresholds, and how they were met
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
    String scenario,
    String startedAt,
    boolean interrupted,
    Map<String, String> settings,
    double seconds,
    Connections connections,
    @Nullable Publications publications,
    @Nullable Deliveries deliveries,
    @Nullable Latency latencyMillis,
    @Nullable Latency handshakeMillis,
    @Nullable Pings pings,
    Cost cost,
    List<Timeline.Point> timeline,
    List<Check> checks) {

  public Report {
    timeline = List.copyOf(timeline);
    checks = List.copyOf(checks);
  }

  /**
   * Clients.
   *
   * @param perSecond how many were opened in each second of opening them
   * @param failures those that never came to be of use, by kind
   * @param lost those that ended without being asked to
   */
  public record Connections(
      long wanted,
      long opened,
      double perSecond,
      Map<String, Long> failures,
      long lost,
      Map<String, Long> lostBecause) {
    public long failed() {
      return failures.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * What was published, warm-up included.
   *
   * @param unsent whose time came, but whose publisher still waited when all was over
   */
  public record Publications(
      long sent, long acknowledged, long failed, long unsent, Map<String, Long> failures) {}

  /**
   * What arrived.
   *
   * @param measured deliveries of what was due after the warm-up
   * @param lost acknowledged and never received; at least so many, if publications failed
   * @param offsetsChecked whether subscriptions had offsets to judge the order by, too
   * @param misdelivered of this run, but to a channel that was not subscribed to
   * @param foreign publications of somebody else's
   */
  public record Deliveries(
      long measured,
      double perSecond,
      double bytesEach,
      long lost,
      long duplicates,
      long disorder,
      boolean offsetsChecked,
      long misdelivered,
      long foreign) {}

  public record Pings(long received, double perSecond, int intervalSeconds) {}

  /**
   * What it cost.
   *
   * @param unit what the CPU is divided by
   * @param serverCpuPerUnit seconds; null where no process was named or nothing was done
   * @param serverBytesPerConnection growth of the servers' resident memory while clients connected
   * @param serverHeapPerConnection likewise of their heaps, collected; null if nobody asked for it
   */
  public record Cost(
      List<Measured> servers,
      Measured tester,
      String unit,
      @Nullable Double serverCpuPerUnit,
      @Nullable Double testerCpuPerUnit,
      @Nullable Double serverBytesPerConnection,
      @Nullable Double serverHeapPerConnection) {
    public Cost {
      servers = List.copyOf(servers);
    }
  }

  /**
   * A process as it was measured.
   *
   * @param rssBefore resident memory before the first connection
   * @param rssConnected when all were connected
   * @param heapBefore bytes alive in its heap before the first connection; null if nobody asked
   * @param heapConnected when all were connected, likewise
   * @param ended whether it was gone when the run ended
   */
  public record Measured(
      long pid,
      double cpuSeconds,
      long rssBefore,
      long rssConnected,
      long rssEnd,
      @Nullable Long heapBefore,
      @Nullable Long heapConnected,
      boolean ended) {}

  /** A threshold: its option, what it allows, what was measured. */
  public record Check(String name, String allowed, String measured, boolean met) {}

  public boolean good() {
    return checks.stream().allMatch(Check::met);
  }

  public Report with(List<Check> judged) {
    return new Report(
        scenario,
        startedAt,
        interrupted,
        settings,
        seconds,
        connections,
        publications,
        deliveries,
        latencyMillis,
        handshakeMillis,
        pings,
        cost,
        timeline,
        judged);
  }

  public void writeJson(Path file) throws IOException {
    new ObjectMapper()
        .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), this);
  }
}
