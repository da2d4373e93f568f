package io.tidegate.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/** Our control frames (RFC 6455 section 5.5), header included. The caller owns the reference. */
final class ControlFrames {
  /** Of a control frame's payload, of which two are a close frame's code. */
  private static final int MAX_PAYLOAD = 125;

  private static final int CLOSE = 0x88;
  private static final int PING = 0x89;
  private static final int PONG = 0x8a;

  private ControlFrames() {}

  static ByteBuf ping(ByteBufAllocator alloc) {
    return frame(alloc, PING, 0);
  }

  static ByteBuf pong(ByteBufAllocator alloc, byte[] payload) {
    return frame(alloc, PONG, payload.length).writeBytes(payload);
  }

  /**
   * A close frame.
   *
   * @param reason cut where it is too long
   */
  static ByteBuf close(ByteBufAllocator alloc, int code, String reason) {
    String fit = CloseReasons.fit(reason);
    int length = 2 + ByteBufUtil.utf8Bytes(fit);
    ByteBuf frame = frame(alloc, CLOSE, length).writeShort(code);
    ByteBufUtil.writeUtf8(frame, fit);
    return frame;
  }

  /** The answer to a close frame with {@code code}, or with {@link FrameDecoder#NO_CODE}. */
  static ByteBuf closeAnswer(ByteBufAllocator alloc, int code) {
    return code == FrameDecoder.NO_CODE ? frame(alloc, CLOSE, 0) : close(alloc, code, "");
  }

  private static ByteBuf frame(ByteBufAllocator alloc, int first, int length) {
    assert length <= MAX_PAYLOAD : length;
    return alloc.directBuffer(2 + length).writeByte(first).writeByte(length);
  }
}
