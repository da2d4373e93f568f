package io.tidegate.loadtest.measure;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The run over time. When it holds {@link #POINTS} points it halves them, so that a run of a day is
 * as small as one of an hour. Used by the main thread.
 */
public final class Timeline {
  static final int POINTS = 1200;

  private final List<Point> points = new ArrayList<>();
  private int perPoint = 1;
  private @Nullable Point pending;
  private int pendingCount;

  /**
   * What was seen over a stretch of time that ended at {@code second}.
   *
   * @param events deliveries or connections per second
   * @param p50 in milliseconds; null where nothing was measured
   * @param cpu cores in use by each process that is watched, the tester last
   * @param rss bytes of each process that is watched, the tester last
   */
  public record Point(
      double second,
      double events,
      @Nullable Double p50,
      @Nullable Double p99,
      @Nullable Double max,
      List<Double> cpu,
      List<Long> rss) {
    public Point {
      cpu = List.copyOf(cpu);
      rss = List.copyOf(rss);
    }

    /**
     * Joins with what follows: rates as averages by weight, percentiles and memory by the worst.
     */
    Point and(Point next, int weight) {
      var cores = new ArrayList<Double>();
      var memory = new ArrayList<Long>();
      for (int i = 0; i < cpu.size(); i++) {
        cores.add((cpu.get(i) * weight + next.cpu.get(i)) / (weight + 1));
        memory.add(Math.max(rss.get(i), next.rss.get(i)));
      }
      return new Point(
          next.second,
          (events * weight + next.events) / (weight + 1),
          worse(p50, next.p50),
          worse(p99, next.p99),
          worse(max, next.max),
          cores,
          memory);
    }

    private static @Nullable Double worse(@Nullable Double a, @Nullable Double b) {
      if (a == null || b == null) {
        return a == null ? b : a;
      }
      return Math.max(a, b);
    }
  }

  public void add(Point point) {
    pending = pending == null ? point : pending.and(point, pendingCount);
    pendingCount++;
    if (pendingCount < perPoint) {
      return;
    }
    points.add(pending);
    pending = null;
    pendingCount = 0;
    if (points.size() == POINTS) {
      halve();
    }
  }

  public List<Point> points() {
    return List.copyOf(points);
  }

  private void halve() {
    for (int i = 0; i < POINTS / 2; i++) {
      points.set(i, points.get(2 * i).and(points.get(2 * i + 1), 1));
    }
    points.subList(POINTS / 2, POINTS).clear();
    perPoint *= 2;
  }
}
