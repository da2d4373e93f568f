package io.tidegate.loadtest.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Makes the frames that a client sends (RFC 6455 section 5.2): whole and masked. Stateless. */
final class Frames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int LAST = 0x80;
  private static final int MASKED = 0x80;
  private static final int HEADER_AT_MOST = 14;
  private static final int SHORT_AT_MOST = 125;
  private static final int LENGTH_16_AT_MOST = 0xffff;

  private Frames() {}

  static ByteBuf of(int opcode, byte[] payload, int mask, ByteBufAllocator allocator) {
    ByteBuf frame = allocator.directBuffer(HEADER_AT_MOST + payload.length);
    frame.writeByte(LAST | opcode);
    if (payload.length <= SHORT_AT_MOST) {
      frame.writeByte(MASKED | payload.length);
    } else if (payload.length <= LENGTH_16_AT_MOST) {
      frame.writeByte(MASKED | 126).writeShort(payload.length);
    } else {
      frame.writeByte(MASKED | 127).writeLong(payload.length);
    }
    frame.writeInt(mask);
    byte[] masked = new byte[payload.length];
    for (int i = 0; i < masked.length; i++) {
      masked[i] = (byte) (payload[i] ^ (mask >>> (24 - 8 * (i & 3))));
    }
    return frame.writeBytes(masked);
  }

  /** A close frame's payload, without a reason. */
  static byte[] close(int code) {
    return new byte[] {(byte) (code >> 8), (byte) code};
  }
}
