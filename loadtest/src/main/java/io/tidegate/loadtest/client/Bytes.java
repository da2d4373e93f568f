package io.tidegate.loadtest.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looking for something in an array. Stateless. */
final class Bytes {
  static final int ABSENT = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH = 0x0101010101010101L;
  private static final long TOP_BITS = 0x8080808080808080L;

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
    long pattern = (wanted & 0xff) * EACH;
    // Eight at once: what is equal becomes a zero byte, and a zero byte's top bit comes out set.
    // Bytes
    // behind the first one may come out so by mistake, so it is the lowest that counts.
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long different = (long) LONGS.get(bytes, i) ^ pattern;
      long equal = (different - EACH) & ~different & TOP_BITS;
      if (equal != 0) {
        return i + (Long.numberOfTrailingZeros(equal) >> 3);
      }
    }
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
