package io.tidegate.gateway.abuse;

import io.tidegate.gateway.testing.ClientFrames;
import java.nio.ByteBuffer;

/**
 * What a node says to one client, as it comes in pieces: the head of an HTTP answer, and after a
 * 101 frames, of which only the close frame's code and the number of the others are kept. Written
 * by one thread, read by any.
 */
final class Answers {
  private static final int MOST_HEAD = 16 << 10;

  private final StringBuilder head = new StringBuilder();
  private final ByteBuffer header = ByteBuffer.allocate(10);
  private final ByteBuffer code = ByteBuffer.allocate(2);
  private long payload;
  private boolean inFrame;
  private boolean closing;

  private volatile int status;
  private volatile int closeCode;
  private volatile long frames;

  /** Of the answer to the request; 0 while there is none. */
  int status() {
    return status;
  }

  /** Of the node's close frame; 0 while there is none. */
  int closeCode() {
    return closeCode;
  }

  /** Other frames than that. */
  long frames() {
    return frames;
  }

  /** Takes all of {@code in}. */
  void read(ByteBuffer in) {
    while (in.hasRemaining() && status == 0) {
      readHead((char) (in.get() & 0xff));
    }
    while (in.hasRemaining() && status == 101) {
      if (inFrame) {
        readPayload(in);
      } else {
        readHeader(in.get());
      }
    }
    in.position(in.limit());
  }

  private void readHead(char c) {
    if (head.append(c).length() > MOST_HEAD) {
      throw new AssertionError("answer: no end of its head");
    }
    if (c == '\n' && head.indexOf("\r\n\r\n") >= 0) {
      status = Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void readHeader(byte b) {
    header.put(b);
    int seven = header.position() > 1 ? header.get(1) & 0x7f : 0;
    int length = 2 + (seven == 127 ? 8 : seven == 126 ? 2 : 0);
    if (header.position() < length) {
      return;
    }
    payload = seven == 127 ? header.getLong(2) : seven == 126 ? header.getShort(2) & 0xffff : seven;
    closing = (header.get(0) & 0xf) == ClientFrames.CLOSE;
    if (!closing) {
      frames++;
    }
    header.clear();
    inFrame = payload > 0;
  }

  private void readPayload(ByteBuffer in) {
    int n = (int) Math.min(payload, in.remaining());
    for (int i = 0; closing && i < n && code.hasRemaining(); i++) {
      code.put(in.get(in.position() + i));
    }
    if (closing && !code.hasRemaining()) {
      closeCode = code.getShort(0) & 0xffff;
    }
    in.position(in.position() + n);
    payload -= n;
    inFrame = payload > 0;
  }
}
