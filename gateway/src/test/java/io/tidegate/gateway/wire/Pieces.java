package io.tidegate.gateway.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bytes as sockets deliver them: in pieces of any size. */
final class Pieces {
  private Pieces() {}

  static List<byte[]> bytewise(byte[] bytes) {
    var pieces = new ArrayList<byte[]>(bytes.length);
    for (byte b : bytes) {
      pieces.add(new byte[] {b});
    }
    return pieces;
  }

  /** The same pieces for the same seed, most of them short. */
  static List<byte[]> of(byte[] bytes, long seed) {
    var random = new Random(seed);
    var pieces = new ArrayList<byte[]>();
    for (int from = 0; from < bytes.length; ) {
      int length = 1 + random.nextInt(1 << random.nextInt(12));
      int to = Math.min(bytes.length, from + length);
      pieces.add(Arrays.copyOfRange(bytes, from, to));
      from = to;
    }
    return pieces;
  }
}
