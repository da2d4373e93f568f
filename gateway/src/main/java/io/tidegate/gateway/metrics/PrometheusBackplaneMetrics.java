package io.tidegate.gateway.metrics;

import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.GapCause;
import java.util.List;
import java.util.Map;

/** What the backplane reports, as metrics. Thread-safe. */
final class PrometheusBackplaneMetrics implements BackplaneMetrics {
  /** There from the first scrape on: a rate does not see the event with which its series begins. */
  private static final List<String> FORK_CAUSES = List.of("promoted", "merged", "restarted");

  private final Gauge up;
  private final Counter reconnects;
  private final Counter.Child received;
  private final Counter refilled;
  private final Map<GapCause, Counter.Child> gaps;
  private final Counter forks;
  private final Counter reaped;
  private final Gauge presenceMembers;

  PrometheusBackplaneMetrics(
      Gauge up,
      Counter reconnects,
      Counter received,
      Counter refilled,
      Counter gaps,
      Counter forks,
      Counter reaped,
      Gauge presenceMembers) {
    this.up = up;
    this.reconnects = reconnects;
    this.received = received.labels();
    this.refilled = refilled;
    this.gaps = Metrics.children(GapCause.class, gaps);
    this.forks = forks;
    FORK_CAUSES.forEach(forks::labels);
    this.reaped = reaped;
    this.presenceMembers = presenceMembers;
  }

  @Override
  public void up(boolean up) {
    this.up.set(up ? 1 : 0);
  }

  @Override
  public void reconnected() {
    reconnects.inc();
  }

  @Override
  public void received(int publications) {
    received.inc(publications);
  }

  @Override
  public void refilled(int publications) {
    refilled.inc(publications);
  }

  @Override
  public void gap(GapCause cause) {
    Metrics.child(gaps, cause).inc();
  }

  @Override
  public void forked(String cause) {
    forks.labels(cause).inc();
  }

  @Override
  public void reaped(int entries) {
    reaped.inc(entries);
  }

  @Override
  public void presenceMembers(int members) {
    presenceMembers.set(members);
  }
}
