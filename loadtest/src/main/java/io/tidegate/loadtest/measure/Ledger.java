package io.tidegate.loadtest.measure;

/**
 * What one subscriber received from each publisher of its channel: every sequence number once, and
 * growing? A publisher sends its next number only when the last one was answered, so a number that
 * comes late was put out of order by the server. Bounded: per publisher it remembers which of the
 * last {@link #WINDOW} numbers came, and of older ones only how many are missing. Confined to one
 * event loop; read when that has gone quiet.
 */
public final class Ledger {
  static final int WINDOW = Long.SIZE;

  private final long[] seen;
  private final int[] highest;
  private final int[] received;
  private long lastOffset = -1;
  private long duplicates;
  private long disorder;

  public Ledger(int publishers) {
    seen = new long[publishers];
    highest = new int[publishers];
    received = new int[publishers];
  }

  /**
   * Enters a publication.
   *
   * @param number from 0
   * @param offset negative where the subscription has no offsets
   * @return whether it is the first with this number
   */
  public boolean enter(int publisher, int number, long offset) {
    boolean late = number < highest[publisher];
    boolean first = mark(publisher, number);
    if (!first) {
      duplicates++;
      return false;
    }
    received[publisher]++;
    if (late || (offset >= 0 && offset <= lastOffset)) {
      disorder++;
    }
    lastOffset = Math.max(lastOffset, offset);
    return true;
  }

  /** How many different numbers of this publisher came. */
  public int received(int publisher) {
    return received[publisher];
  }

  public long duplicates() {
    return duplicates;
  }

  /** Publications that came behind one that they should have come before. */
  public long disorder() {
    return disorder;
  }

  // highest is one more than the number, so that fresh arrays mean "nothing yet"; bit i of seen
  // stands for number (highest - 1 - i).
  private boolean mark(int publisher, int number) {
    int ahead = number + 1 - highest[publisher];
    if (ahead > 0) {
      seen[publisher] = (ahead < WINDOW ? seen[publisher] << ahead : 0) | 1;
      highest[publisher] = number + 1;
      return true;
    }
    if (ahead <= -WINDOW) {
      return olderAreMissing(publisher);
    }
    long bit = 1L << -ahead;
    boolean first = (seen[publisher] & bit) == 0;
    seen[publisher] |= bit;
    return first;
  }

  private boolean olderAreMissing(int publisher) {
    int inWindow = Long.bitCount(seen[publisher]);
    return highest[publisher] - WINDOW > received[publisher] - inWindow;
  }
}
