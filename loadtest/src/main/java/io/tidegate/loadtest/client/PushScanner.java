package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Finds our publications in the lines of a message without reading them as JSON: the tester must
 * cost little beside what it measures. Holds the message at hand; confined to one event loop.
 */
final class PushScanner {
  private static final byte[] ID = "{\"id\":".getBytes(US_ASCII);
  private static final byte[] PUBLISHED = ",\"publish\":{}}".getBytes(US_ASCII);
  private static final byte[] OFFSET = "\"offset\":".getBytes(US_ASCII);

  private final int dataBytes;
  private byte[] bytes = new byte[0];
  private int end;
  private int next;
  // Pushes of one channel look alike, so mark and offset are where they were in the last one: so
  // far
  // behind the beginning, and behind the data.
  private int usualDistance;
  private int usualOffset;
  private int lineStart;
  private int lineEnd;
  private int markAt;

  /** Expects data of exactly {@code dataBytes}, as {@link Payload} makes them. */
  PushScanner(int dataBytes) {
    this.dataBytes = dataBytes;
  }

  /** Starts anew with a message. */
  void reset(byte[] message, int from, int to) {
    bytes = message;
    next = from;
    end = to;
  }

  /** Goes to the next line of the message. */
  boolean nextLine() {
    while (next < end) {
      lineStart = next;
      markAt = findMark();
      int from = markAt < 0 ? lineStart : Math.min(end, markAt + dataBytes);
      lineEnd = Bytes.indexOf((byte) '\n', bytes, from, end);
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

  /** Where this publication's data begin. */
  int dataAt() {
    return markAt;
  }

  /** Whether this line is the server's ping. */
  boolean isPing() {
    return lineEnd - lineStart == 2 && bytes[lineStart] == '{' && bytes[lineStart + 1] == '}';
  }

  /**
   * The id of the command, if this line answers a publish and says that it worked; else negative.
   */
  long publishedId() {
    int comma = lineEnd - PUBLISHED.length;
    boolean answer =
        comma > lineStart
            && Bytes.matches(PUBLISHED, bytes, comma, lineEnd)
            && Bytes.matches(ID, bytes, lineStart, comma);
    return answer ? Bytes.number(bytes, lineStart + ID.length, comma) : Bytes.ABSENT;
  }

  /** This publication's offset in the stream; negative where it has none. */
  long offset() {
    int behind = markAt + dataBytes;
    int at = behind + usualOffset;
    if (!Bytes.matches(OFFSET, bytes, at, lineEnd)) {
      at = Bytes.find(OFFSET, bytes, behind, lineEnd);
      usualOffset = Math.max(0, at - behind);
    }
    if (at < 0) {
      at = Bytes.find(OFFSET, bytes, lineStart, markAt);
    }
    return at < 0 ? Bytes.ABSENT : Bytes.number(bytes, at + OFFSET.length, lineEnd);
  }

  /** This line as text. */
  String line() {
    return new String(bytes, lineStart, lineEnd - lineStart, UTF_8);
  }

  private int findMark() {
    int stop = Bytes.indexOf((byte) '\n', bytes, lineStart, end);
    int usual = lineStart + usualDistance;
    if (Payload.isAt(bytes, usual, stop)) {
      return usual;
    }
    int found = Bytes.find(Payload.MARK, bytes, lineStart, stop);
    if (found < 0 || !Payload.isAt(bytes, found, stop)) {
      return Bytes.ABSENT;
    }
    usualDistance = found - lineStart;
    return found;
  }
}
