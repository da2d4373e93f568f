package io.tidegate.loadtest.client;

/** Looking for something in an array. Stateless. */
final class Bytes {
  static final int ABSENT = -1;

  private Bytes() {}

  static boolean matches(byte[] wanted, byte[] bytes, int at, int to) {
    if (at + wanted.length > to) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (bytes[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where it begins, or {@link #ABSENT}. */
  static int find(byte[] wanted, byte[] bytes, int from, int to) {
    for (int i = from; i + wanted.length <= to; i++) {
      if (matches(wanted, bytes, i, to)) {
        return i;
      }
    }
    return ABSENT;
  }

  /** Where it stands, or {@code to}. */
  static int indexOf(byte wanted, byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] != wanted) {
      i++;
    }
    return i;
  }

  /** The decimal number that begins {@code at}; 0 where there is none. */
  static long number(byte[] bytes, int at, int to) {
    long value = 0;
    for (int i = at; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    return value;
  }
}
