package io.tidegate.loadtest.measure;

import java.util.LinkedHashMap;
import java.util.Map;

/** Failures by kind. At most {@link #KINDS} kinds are told apart. Thread-safe. */
public final class Failures {
  static final int KINDS = 30;
  static final String OTHER = "other";
  private static final int LENGTH_AT_MOST = 300;

  private final Map<String, Long> kinds = new LinkedHashMap<>();
  private long total;

  public synchronized void add(String kind) {
    add(kind, 1);
  }

  public synchronized void add(String kind, long count) {
    String name = kind.length() > LENGTH_AT_MOST ? kind.substring(0, LENGTH_AT_MOST) : kind;
    boolean known = kinds.containsKey(name) || kinds.size() < KINDS;
    kinds.merge(known ? name : OTHER, count, Long::sum);
    total += count;
  }

  public synchronized long total() {
    return total;
  }

  public synchronized Map<String, Long> kinds() {
    return new LinkedHashMap<>(kinds);
  }
}
