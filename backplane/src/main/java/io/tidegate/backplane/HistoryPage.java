package io.tidegate.backplane;

import java.util.List;

/**
 * What was read, all at one instant of the stream.
 *
 * @param top the stream's last position at that instant, in its current epoch
 * @param publications in the order asked for, adjacent offsets
 * @param continuity whether {@code publications} really continue the position asked for
 */
public record HistoryPage(
    StreamPosition top, List<Publication> publications, Continuity continuity) {
  /** {@linkplain Publication#size() Sizes} of a page's publications together, unless it has one. */
  public static final int BYTES_AT_MOST = 1 << 20;

  public HistoryPage {
    publications = List.copyOf(publications);
  }

  /**
   * The verdict on a query's {@code since}; neither the query's limit nor the bound of a page plays
   * a part in it.
   */
  public enum Continuity {
    /**
     * The position belongs to this stream's lineage and nothing between it and the first
     * publication of the page is missing. Also the answer to a query without a position.
     */
    CONTINUOUS,
    /**
     * The position belongs to the lineage, but the publications right after it (reverse: right
     * before it) are not kept any more. The page has what is kept beyond them.
     */
    TRIMMED,
    /**
     * The position is of no epoch of this stream, is above the offset at which its epoch was
     * forked, or is ahead of the stream's top. Nothing continues it, so the page is empty.
     */
    FOREIGN
  }
}
