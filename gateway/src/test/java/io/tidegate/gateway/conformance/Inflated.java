package io.tidegate.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The content of a compressed message, found by an inflater of RFC 1951 that is slow and strict,
 * and that looks at what zlib's does not show.
 *
 * @param reach the longest distance back, in bytes
 * @param blocks a letter for each block's type: s(tored), f(ixed), d(ynamic); a capital for the
 *     last of a stream
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Inflated(byte[] bytes, int reach, String blocks) {
  /**
   * Inflates a message without anything before it. RFC 7692 section 7.2.2: with the four bytes that
   * are left out it has to end at the border of a block, and exactly there.
   */
  static Inflated message(byte[] payload) {
    int end = payload.length;
    boolean tail =
        end >= 4
            && payload[end - 4] == 0
            && payload[end - 3] == 0
            && payload[end - 2] == -1
            && payload[end - 1] == -1;
    // Section 7.2.1: the sender removes it, once.
    assertThat(tail).as("the tail 00 00 ff ff is left out").isFalse();
    byte[] whole = new byte[end + 4];
    System.arraycopy(payload, 0, whole, 0, end);
    whole[end + 2] = -1;
    whole[end + 3] = -1;
    var blocks = new Blocks(whole);
    blocks.read();
    return new Inflated(blocks.output(), blocks.reach(), blocks.types());
  }
}
