package io.tidegate.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

/**
 * Finds the end of a request's head (RFC 9112 section 2.1) in bytes that come in any pieces, and
 * bounds its length. Confined to one event loop; good for one head.
 *
 * <p>It must never find the end later than the HTTP decoder behind it does, or else what follows
 * the head would be read as a second request. So it takes what the most lenient decoder takes: a
 * line ends with a line feed, a carriage return before it or not, and what is no text in front of
 * the request line is skipped.
 */
final class HeadScanner implements ByteProcessor {
  /** Where the scan of some bytes ended. */
  enum Result {
    /** The head goes on. */
    OPEN,
    /** The head is complete. */
    COMPLETE,
    /** The request line is longer than it may be. */
    LINE_TOO_LONG,
    /** The header fields together are longer than they may be. */
    FIELDS_TOO_LONG
  }

  private final int maxLine;
  private final int maxFields;
  private int length;
  private int column;
  private boolean inFields;
  private boolean afterReturn;
  private Result result = Result.OPEN;
  private int end = -1;

  /**
   * Makes a scanner.
   *
   * @param maxLine bytes of the request line, and of what is skipped before it
   * @param maxFields bytes of all header fields
   */
  HeadScanner(int maxLine, int maxFields) {
    this.maxLine = maxLine;
    this.maxFields = maxFields;
  }

  /** Looks at all bytes of {@code in} up to the end of the head; moves no index of it. */
  Result scan(ByteBuf in) {
    end = in.forEachByte(this);
    return result;
  }

  /** Bytes of the scanned buffer that belong to the head, once it is complete. */
  int headBytes(ByteBuf in) {
    return end + 1 - in.readerIndex();
  }

  @Override
  public boolean process(byte value) {
    if (++length > (inFields ? maxFields : maxLine)) {
      result = inFields ? Result.FIELDS_TOO_LONG : Result.LINE_TOO_LONG;
      return false;
    }
    if (value == '\n') {
      return endOfLine();
    }
    if (inFields || column > 0 || isText(value)) {
      column++;
      afterReturn = value == '\r';
    }
    return true;
  }

  private boolean endOfLine() {
    boolean empty = column == 0 || (column == 1 && afterReturn);
    column = 0;
    if (inFields && empty) {
      result = Result.COMPLETE;
      return false;
    }
    if (!inFields && !empty) {
      inFields = true;
      length = 0;
    }
    return true;
  }

  /** Section 2.2 has a server skip an empty line; decoders skip more. */
  private static boolean isText(byte value) {
    int octet = value & 0xff;
    return octet > ' ' && !Character.isISOControl(octet);
  }
}
