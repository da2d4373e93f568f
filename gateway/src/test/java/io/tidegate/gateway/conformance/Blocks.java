package io.tidegate.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Reads DEFLATE blocks (RFC 1951 section 3.2) to the end of the input. */
final class Blocks {
  static final int[] LENGTHS = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  static final int[] LENGTH_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
  };
  static final int[] DISTANCES = {
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577
  };
  static final int[] DISTANCE_BITS = {
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13
  };

  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private final byte[] in;
  private final StringBuilder types = new StringBuilder();
  private int bit;
  private byte[] out = new byte[1024];
  private int size;
  private int reach;

  Blocks(byte[] in) {
    this.in = in;
  }

  byte[] output() {
    return Arrays.copyOf(out, size);
  }

  int reach() {
    return reach;
  }

  String types() {
    return types.toString();
  }

  void read() {
    while (bit < in.length * 8) {
      boolean last = bits(1) == 1;
      int type = bits(2);
      assertThat(type).as("block type").isLessThan(3);
      String letter = "sfd".substring(type, type + 1);
      types.append(last ? letter.toUpperCase(java.util.Locale.ROOT) : letter);
      switch (type) {
        case 0 -> stored();
        case 1 -> compressed(fixedLiterals(), new Huffman(filled(new int[30], 0, 30, 5)));
        default -> dynamic();
      }
      if (last) {
        align();
      }
    }
    assertThat(bit).as("end of the last block, in bits").isEqualTo(in.length * 8);
  }

  private void stored() {
    align();
    int length = bits(16);
    assertThat(bits(16)).as("complement of a stored block's length").isEqualTo(~length & 0xffff);
    for (int i = 0; i < length; i++) {
      put(bits(8));
    }
  }

  private void dynamic() {
    int literals = bits(5) + 257;
    int distances = bits(5) + 1;
    int count = bits(4) + 4;
    int[] codeLengths = new int[19];
    for (int i = 0; i < count; i++) {
      codeLengths[ORDER[i]] = bits(3);
    }
    var codes = new Huffman(codeLengths);
    int[] lengths = new int[literals + distances];
    for (int i = 0; i < lengths.length; ) {
      int symbol = codes.read();
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      int value = symbol == 16 ? lengths[i - 1] : 0;
      int times = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
      var unused = filled(lengths, i, i + times, value);
      i += times;
    }
    compressed(
        new Huffman(Arrays.copyOf(lengths, literals)),
        new Huffman(Arrays.copyOfRange(lengths, literals, lengths.length)));
  }

  private void compressed(Huffman literals, Huffman distances) {
    for (int symbol = literals.read(); symbol != 256; symbol = literals.read()) {
      if (symbol < 256) {
        put(symbol);
        continue;
      }
      int length = LENGTHS[symbol - 257] + bits(LENGTH_BITS[symbol - 257]);
      int code = distances.read();
      int distance = DISTANCES[code] + bits(DISTANCE_BITS[code]);
      assertThat(distance).as("distance back").isLessThanOrEqualTo(size);
      reach = Math.max(reach, distance);
      for (int i = 0; i < length; i++) {
        put(out[size - distance]);
      }
    }
  }

  private Huffman fixedLiterals() {
    int[] lengths = filled(new int[288], 0, 144, 8);
    filled(lengths, 144, 256, 9);
    filled(lengths, 256, 280, 7);
    return new Huffman(filled(lengths, 280, 288, 8));
  }

  private static int[] filled(int[] array, int from, int to, int value) {
    Arrays.fill(array, from, to, value);
    return array;
  }

  private void put(int value) {
    if (size == out.length) {
      out = Arrays.copyOf(out, size * 2);
    }
    out[size++] = (byte) value;
  }

  private void align() {
    bit = (bit + 7) / 8 * 8;
  }

  private int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      assertThat(bit).as("bits read").isLessThan(in.length * 8);
      value |= (in[bit >> 3] >> (bit & 7) & 1) << i;
      bit++;
    }
    return value;
  }

  /** A canonical code (section 3.2.2), read bit by bit. */
  private final class Huffman {
    private final int[] counts = new int[16];
    private final int[] symbols;

    Huffman(int[] lengths) {
      symbols = new int[lengths.length];
      for (int length : lengths) {
        counts[length]++;
      }
      counts[0] = 0;
      int[] next = new int[16];
      for (int i = 1; i < 15; i++) {
        next[i + 1] = next[i] + counts[i];
      }
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] != 0) {
          symbols[next[lengths[symbol]]++] = symbol;
        }
      }
    }

    int read() {
      int code = 0;
      int first = 0;
      int index = 0;
      for (int length = 1; length < 16; length++) {
        code |= bits(1);
        if (code - first < counts[length]) {
          return symbols[index + code - first];
        }
        index += counts[length];
        first = (first + counts[length]) << 1;
        code <<= 1;
      }
      throw new AssertionError("no such code in the server's DEFLATE data");
    }
  }
}
