package io.tidegate.gateway.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The masking of a client's payload (RFC 6455 section 5.3), eight bytes at a time. */
final class Mask {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Mask() {}

  /**
   * Unmasks the bytes from {@code from} to {@code to} where they are.
   *
   * @param mask whose first, highest byte belongs to the byte at {@code from}
   * @return the mask that the byte at {@code to} will need
   */
  static int apply(int mask, byte[] bytes, int from, int to) {
    if (mask == 0) {
      return 0;
    }
    long twice = (mask & 0xffffffffL) << 32 | (mask & 0xffffffffL);
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ twice);
    }
    int next = mask;
    for (; i < to; i++) {
      next = Integer.rotateLeft(next, 8);
      bytes[i] ^= (byte) next;
    }
    return next;
  }
}
