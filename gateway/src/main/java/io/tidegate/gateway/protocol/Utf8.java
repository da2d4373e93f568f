package io.tidegate.gateway.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF; of a text at
 * once, or of one that arrives in pieces. Stateless: who validates in pieces keeps one {@code int}.
 */
public final class Utf8 {
  /** The state between two characters: where a text begins, and where it has to end. */
  public static final int BOUNDARY = 0;

  /** The state after a byte that no text can have there. */
  public static final int INVALID = -1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /**
   * The state after the bytes from {@code from} to {@code to}; {@link #INVALID} as soon as there is
   * no way to go on.
   *
   * @param state as this method returned it for the bytes before; {@link #BOUNDARY} at first
   */
  public static int advance(int state, byte[] bytes, int from, int to) {
    int now = state;
    int i = from;
    while (i < to && now != INVALID) {
      if (now == BOUNDARY) {
        i = skipAscii(bytes, i, to);
        if (i < to) {
          now = lead(bytes[i++] & 0xff);
        }
      } else {
        now = continued(now, bytes[i++] & 0xff);
      }
    }
    return now;
  }

  static boolean valid(byte[] bytes, int from, int to) {
    return advance(BOUNDARY, bytes, from, to) == BOUNDARY;
  }

  private static int skipAscii(byte[] bytes, int from, int to) {
    int i = from;
    while (i <= to - Long.BYTES && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
      i += Long.BYTES;
    }
    while (i < to && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  /** The rows of RFC 3629 section 4 for a character of two to four bytes. */
  private static int lead(int b) {
    if (b < 0xc2 || b > 0xf4) {
      return INVALID;
    } else if (b < 0xe0) {
      return missing(1, 0x80, 0xbf);
    } else if (b < 0xf0) {
      return missing(2, b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf);
    }
    return missing(3, b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf);
  }

  private static int continued(int state, int b) {
    if (b < (state >> 8 & 0xff) || b > state >> 16) {
      return INVALID;
    }
    int count = (state & 0xff) - 1;
    return count == 0 ? BOUNDARY : missing(count, 0x80, 0xbf);
  }

  /** Within a character: how many bytes it lacks, and between what the next one has to be. */
  private static int missing(int count, int least, int most) {
    return most << 16 | least << 8 | count;
  }

  /** Whether {@code text} has a UTF-8 form at all: no surrogate without its partner. */
  static boolean encodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }
}
