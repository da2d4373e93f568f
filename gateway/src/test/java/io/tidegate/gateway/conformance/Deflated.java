package io.tidegate.gateway.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Payloads of compressed messages, right or wrong (RFC 7692 section 7.2.1, RFC 1951). */
final class Deflated {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int bits;
  private int filled;

  private Deflated() {}

  /** As zlib does it by default. */
  static byte[] of(byte[] content) {
    return of(content, Deflater.DEFAULT_COMPRESSION, Deflater.DEFAULT_STRATEGY);
  }

  static byte[] of(String content) {
    return of(content.getBytes(UTF_8));
  }

  static byte[] of(byte[] content, int level, int strategy) {
    var deflater = new Deflater(level, true);
    try {
      if (strategy != Deflater.DEFAULT_STRATEGY) {
        deflater.setStrategy(strategy);
      }
      return next(deflater, content);
    } finally {
      deflater.end();
    }
  }

  /** With what the deflater has seen before in its window. */
  static byte[] next(Deflater deflater, byte[] content) {
    deflater.setInput(content);
    var all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    int n;
    do {
      // A call after setStrategy does nothing else.
      n = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
      all.write(buffer, 0, n);
    } while (n > 0 || !deflater.needsInput());
    // Without the empty stored block's 00 00 ff ff.
    return Arrays.copyOf(all.toByteArray(), all.size() - 4);
  }

  /** Blocks by hand; to be ended by {@link #message}. */
  static Deflated blocks() {
    return new Deflated();
  }

  Deflated stored(boolean last, String content) {
    byte[] bytes = content.getBytes(UTF_8);
    put(last ? 1 : 0, 1).put(0, 2).align();
    put(bytes.length, 16).put(~bytes.length & 0xffff, 16);
    for (byte b : bytes) {
      put(b & 255, 8);
    }
    return this;
  }

  /** A block with the fixed code, of literals. */
  Deflated fixed(boolean last, String content) {
    beginFixed(last);
    for (byte b : content.getBytes(UTF_8)) {
      symbol(b & 255);
    }
    symbol(256);
    return last ? align() : this;
  }

  /** Starts a block with the fixed code; 256 is its end. */
  Deflated beginFixed(boolean last) {
    return put(last ? 1 : 0, 1).put(1, 2);
  }

  /** RFC 1951 section 3.2.6. */
  Deflated symbol(int value) {
    if (value < 144) {
      return code(0x30 + value, 8);
    }
    if (value < 256) {
      return code(0x190 + value - 144, 9);
    }
    return value < 280 ? code(value - 256, 7) : code(0xc0 + value - 280, 8);
  }

  /** Repeats the three bytes that begin so far back. */
  Deflated three(int distance) {
    symbol(257);
    int code = Blocks.DISTANCES.length - 1;
    while (Blocks.DISTANCES[code] > distance) {
      code--;
    }
    return distanceCode(code).put(distance - Blocks.DISTANCES[code], Blocks.DISTANCE_BITS[code]);
  }

  /** One of the 32 codes, of which RFC 1951 forbids two. */
  Deflated distanceCode(int code) {
    return code(code, 5);
  }

  /** So many bits, the lowest first. */
  Deflated put(int value, int count) {
    for (int i = 0; i < count; i++) {
      bits |= (value >> i & 1) << filled;
      if (++filled == 8) {
        out.write(bits);
        bits = 0;
        filled = 0;
      }
    }
    return this;
  }

  /** What there is as a payload: ended by an empty stored block, whose last four bytes stay out. */
  byte[] message() {
    put(0, 3).align();
    return out.toByteArray();
  }

  /** What there is, as it is. */
  byte[] cut() {
    align();
    return out.toByteArray();
  }

  private Deflated align() {
    return filled == 0 ? this : put(0, 8 - filled);
  }

  /** Huffman codes go out from their highest bit. */
  private Deflated code(int value, int count) {
    return put(Integer.reverse(value) >>> (32 - count), count);
  }
}
