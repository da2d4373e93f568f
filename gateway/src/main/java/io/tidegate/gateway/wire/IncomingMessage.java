package io.tidegate.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Utf8;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message of which a part has arrived: as many bytes as that, at most doubled, however much was
 * announced. Text is validated as it comes, so that it fails at the first wrong byte.
 */
final class IncomingMessage {
  private static final byte[] NOTHING = new byte[0];

  private final boolean text;
  private final int maxPayload;
  private final @Nullable Inflation inflation;
  private byte[] bytes = NOTHING;
  private int size;
  private int utf8 = Utf8.BOUNDARY;
  private int frames = 1;
  private int arrived;

  /**
   * A message whose first frame has begun.
   *
   * @param inflation what inflates it, if it is compressed
   */
  IncomingMessage(boolean text, int maxPayload, @Nullable Inflation inflation) {
    this.text = text;
    this.maxPayload = maxPayload;
    this.inflation = inflation;
  }

  boolean text() {
    return text;
  }

  /** Frames so far, this one included. */
  int addFrame() {
    return ++frames;
  }

  /** How many more bytes of payload may be announced. */
  int room() {
    return (inflation == null ? maxPayload : Inflation.maxCompressed(maxPayload)) - arrived;
  }

  /**
   * Takes {@code length} bytes of payload.
   *
   * @param last whether they are the message's last
   * @return the mask for what follows
   */
  int read(ByteBuf in, int length, int mask, boolean last) throws BadFrameException {
    arrived += length;
    if (inflation != null) {
      return inflation.read(in, length, mask, last, this);
    }
    grow(length, last ? size + length : maxPayload);
    in.readBytes(bytes, size, length);
    int next = Mask.apply(mask, bytes, size, size + length);
    added(length);
    return next;
  }

  /** Takes bytes as they are in the message, up to its bound. */
  void append(byte[] from, int length) throws BadFrameException {
    if (length > maxPayload - size) {
      throw new BadFrameException(CloseCode.MESSAGE_TOO_BIG, "inflated: above the most");
    }
    grow(length, maxPayload);
    System.arraycopy(from, 0, bytes, size, length);
    added(length);
  }

  /** The whole message, its last byte having arrived. */
  byte[] finish() throws BadFrameException {
    if (utf8 != Utf8.BOUNDARY) {
      throw invalidText();
    }
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  /** No more will come. */
  void drop() {
    if (inflation != null) {
      inflation.end();
    }
  }

  static BadFrameException invalidText() {
    return new BadFrameException(CloseCode.INVALID_DATA, "text: no UTF-8");
  }

  private void added(int length) throws BadFrameException {
    if (text) {
      utf8 = Utf8.advance(utf8, bytes, size, size + length);
      if (utf8 == Utf8.INVALID) {
        throw invalidText();
      }
    }
    size += length;
  }

  private void grow(int length, int most) {
    int needed = size + length;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(2 * bytes.length, most)));
    }
  }
}
