package io.tidegate.loadtest.client;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.ByteRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class BytesTest {
  @Property
  void findsTheFirstOne(
      @ForAll @Size(max = 40) byte[] bytes,
      @ForAll @ByteRange(min = -2, max = 2) byte wanted,
      @ForAll @IntRange(max = 40) int from) {
    int start = Math.min(from, bytes.length);
    int expected = start;
    while (expected < bytes.length && bytes[expected] != wanted) {
      expected++;
    }
    assertThat(Bytes.indexOf(wanted, bytes, start, bytes.length)).isEqualTo(expected);
  }

  @Property
  void findsItAmongBytesThatAreNearlyEqual(
      @ForAll @Size(max = 40) @ByteRange(min = 9, max = 11) byte[] bytes) {
    int expected = 0;
    while (expected < bytes.length && bytes[expected] != '\n') {
      expected++;
    }
    assertThat(Bytes.indexOf((byte) '\n', bytes, 0, bytes.length)).isEqualTo(expected);
  }
}
