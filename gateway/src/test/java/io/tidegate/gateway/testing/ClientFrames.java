package io.tidegate.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.Deflater;

/** Frames as a client makes them, right or wrong (RFC 6455 section 5.2). */
public final class ClientFrames {
  public static final int FIN = 0x80;
  public static final int RSV1 = 0x40;
  public static final int RSV2 = 0x20;
  public static final int RSV3 = 0x10;
  public static final int CONTINUATION = 0x0;
  public static final int TEXT = 0x1;
  public static final int BINARY = 0x2;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xa;

  private static final int MASK = 0x37fa213d;

  private ClientFrames() {}

  public static byte[] text(String payload) {
    return frame(FIN | TEXT, payload.getBytes(UTF_8));
  }

  public static byte[] binary(byte[] payload) {
    return frame(FIN | BINARY, payload);
  }

  public static byte[] ping(String payload) {
    return frame(FIN | PING, payload.getBytes(UTF_8));
  }

  public static byte[] close() {
    return frame(FIN | CLOSE, new byte[0]);
  }

  public static byte[] close(int code, String reason) {
    byte[] text = reason.getBytes(UTF_8);
    return frame(
        FIN | CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  /** A frame with its length in the shortest form, masked. */
  public static byte[] frame(int first, byte[] payload) {
    int bits = payload.length < 126 ? 7 : payload.length < 1 << 16 ? 16 : 64;
    return frame(first, bits, payload.length, payload);
  }

  /** The head of a frame that announces {@code length} in so many bits, and part of its payload. */
  public static byte[] frame(int first, int bits, long length, byte[] payload) {
    var head = ByteBuffer.allocate(14).put((byte) first);
    switch (bits) {
      case 7 -> head.put((byte) (0x80 | length));
      case 16 -> head.put((byte) (0x80 | 126)).putShort((short) length);
      default -> head.put((byte) (0x80 | 127)).putLong(length);
    }
    head.putInt(MASK);
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= (byte) (MASK >> (24 - 8 * (i % 4)));
    }
    return join(Arrays.copyOf(head.array(), head.position()), masked);
  }

  public static byte[] unmasked(int first, byte[] payload) {
    return join(new byte[] {(byte) first, (byte) payload.length}, payload);
  }

  /** A payload as RFC 7692 section 7.2.1 has it: flushed, without the last four bytes. */
  public static byte[] deflate(byte[] payload) {
    byte[] out = new byte[payload.length + 1_024];
    var deflater = new Deflater(6, true);
    deflater.setInput(payload);
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - 4);
  }

  public static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** {@code hex} digits as bytes; blanks do not count. */
  public static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
