package io.tidegate.backplane;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a stream to read. The answer ends early rather than be larger than {@link
 * HistoryPage#BYTES_AT_MOST}, but never before its first publication; what follows is read from the
 * last one on.
 *
 * @param since read what comes after this position ({@code reverse}: what comes before it); absent
 *     reads from the oldest kept publication (reverse: the newest)
 * @param limit publications at most; 0 asks for the position only, {@link #ALL} for all that is
 *     kept
 * @param reverse newest first
 */
public record HistoryQuery(@Nullable StreamPosition since, int limit, boolean reverse) {
  public static final int ALL = -1;

  public HistoryQuery {
    if (limit < ALL) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: >= -1)");
    }
  }

  public static HistoryQuery positionOnly() {
    return new HistoryQuery(null, 0, false);
  }

  /** Everything after {@code since}, oldest first, at most {@code limit}. */
  public static HistoryQuery after(StreamPosition since, int limit) {
    return new HistoryQuery(since, limit, false);
  }
}
