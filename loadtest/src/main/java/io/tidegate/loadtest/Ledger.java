package io.tidegate.loadtest;

/**
 * What one subscriber received: each number once, and offsets that only grow? Bounded: it remembers
 * the last {@link #WINDOW} numbers. Confined to one event loop; read when that has gone quiet.
 */
final class Ledger {
  /** Farther back than this a number is taken for a duplicate. */
  static final int WINDOW = 1024;

  private static final int WORD = Long.SIZE;

  private final long[] seen = new long[WINDOW / WORD];
  private long highest = -1;
  private long lastOffset = -1;
  private long received;
  private long duplicates;
  private long outOfOrder;

  /**
   * Enters a publication.
   *
   * @param offset negative where the subscription has no offsets
   * @return whether it is the first with this number
   */
  boolean enter(long number, long offset) {
    if (offset >= 0) {
      if (offset < lastOffset) {
        outOfOrder++;
      }
      lastOffset = Math.max(lastOffset, offset);
    }
    if (number <= highest - WINDOW || (number <= highest && isSeen(number))) {
      duplicates++;
      return false;
    }
    forgetUpTo(number);
    seen[word(number)] |= bit(number);
    received++;
    return true;
  }

  long received() {
    return received;
  }

  long duplicates() {
    return duplicates;
  }

  long outOfOrder() {
    return outOfOrder;
  }

  private void forgetUpTo(long number) {
    for (long n = Math.max(highest + 1, number - WINDOW + 1); n <= number; n++) {
      seen[word(n)] &= ~bit(n);
    }
    highest = Math.max(highest, number);
  }

  private boolean isSeen(long number) {
    return (seen[word(number)] & bit(number)) != 0;
  }

  private static int word(long number) {
    return (int) (number % WINDOW) / WORD;
  }

  private static long bit(long number) {
    return 1L << number % WORD;
  }
}
