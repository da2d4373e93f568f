package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Finds our publications in the bytes of a frame without reading them as JSON: the tester must cost
 * little beside what it measures. Holds the frame at hand; confined to one event loop.
 */
final class PushScanner {
  private static final byte[] OFFSET = "\"offset\":".getBytes(US_ASCII);
  private static final long ABSENT = -1;
  private static final int NUMBER_AT =
      Payload.RUN_DIGITS + Payload.CHANNEL_DIGITS + Payload.PUBLISHER_DIGITS;

  private final int dataBytes;
  private byte[] frame = new byte[0];
  private int end;
  private int next;
  // Frames of one channel look alike, so the mark is where it was in the last one.
  private int usualDistance;
  private int lineStart;
  private int lineEnd;
  private int markAt;

  /** Expects data of exactly {@code dataBytes}, as {@link Payload} makes them. */
  PushScanner(int dataBytes) {
    this.dataBytes = dataBytes;
  }

  /** Starts anew with a frame of {@code length} bytes. */
  void reset(byte[] bytes, int length) {
    frame = bytes;
    end = length;
    next = 0;
  }

  /** Goes to the next message of the frame, which stands on a line of its own. */
  boolean nextLine() {
    while (next < end) {
      lineStart = next;
      markAt = findMark();
      int from = markAt < 0 ? lineStart : Math.min(end, markAt + dataBytes);
      lineEnd = indexOf((byte) '\n', from);
      next = lineEnd + 1;
      if (lineEnd > lineStart) {
        return true;
      }
    }
    return false;
  }

  /** Whether this line is a publication of ours. */
  boolean isPublication() {
    return markAt >= 0;
  }

  /** Whether this line is the server's ping. */
  boolean isPing() {
    return lineEnd - lineStart == 2 && frame[lineStart] == '{' && frame[lineStart + 1] == '}';
  }

  /** The run that this publication is of. */
  int run() {
    return (int) field(0, Payload.RUN_DIGITS);
  }

  /** The number of the channel that it was published to. */
  int channel() {
    return (int) field(Payload.RUN_DIGITS, Payload.CHANNEL_DIGITS);
  }

  /** Who published it. */
  int publisher() {
    return (int) field(Payload.RUN_DIGITS + Payload.CHANNEL_DIGITS, Payload.PUBLISHER_DIGITS);
  }

  /** Its number among those of this publisher in this channel. */
  int number() {
    return (int) field(NUMBER_AT, Payload.NUMBER_DIGITS);
  }

  /** When it was due, in nanoseconds from the start of the run. */
  long dueNanos() {
    return field(NUMBER_AT + Payload.NUMBER_DIGITS, Payload.DUE_DIGITS);
  }

  /** This publication's offset in the stream; negative where it has none. */
  long offset() {
    int behindData = markAt + dataBytes;
    int at = find(OFFSET, behindData, lineEnd);
    if (at < 0) {
      at = find(OFFSET, lineStart, markAt);
    }
    return at < 0 ? ABSENT : digits(at + OFFSET.length, Integer.MAX_VALUE);
  }

  /** This line as text. */
  String line() {
    return new String(frame, lineStart, lineEnd - lineStart, UTF_8);
  }

  private int findMark() {
    int usual = lineStart + usualDistance;
    if (matches(Payload.MARK, usual, end) && indexOf((byte) '\n', lineStart) > usual) {
      return usual;
    }
    int stop = indexOf((byte) '\n', lineStart);
    int found = find(Payload.MARK, lineStart, stop);
    if (found >= 0) {
      usualDistance = found - lineStart;
    }
    return found;
  }

  private long field(int at, int width) {
    return digits(markAt + Payload.MARK.length + at, width);
  }

  private long digits(int from, int most) {
    long value = 0;
    for (int i = from; i < end && i - from < most; i++) {
      int digit = frame[i] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private int find(byte[] wanted, int from, int to) {
    for (int i = from; i + wanted.length <= to; i++) {
      if (matches(wanted, i, to)) {
        return i;
      }
    }
    return -1;
  }

  private boolean matches(byte[] wanted, int at, int to) {
    if (at + wanted.length > to) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (frame[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private int indexOf(byte wanted, int from) {
    int i = from;
    while (i < end && frame[i] != wanted) {
      i++;
    }
    return i;
  }
}
