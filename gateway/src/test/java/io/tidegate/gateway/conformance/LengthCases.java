package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.binary;
import static io.tidegate.gateway.conformance.Frame.continuation;
import static io.tidegate.gateway.conformance.Frame.hex;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.text;

import java.util.ArrayList;
import java.util.List;

/** Section 5.2 on lengths, and 7.4.1 on messages that are too big (1009). */
final class LengthCases {
  /** {@code limits.max_payload} of the node. */
  static final int MOST = 256 << 10;

  private static final byte[] NOTHING = new byte[0];

  private LengthCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    echoed(cases);
    longWays(cases);
    tooBig(cases);
    return cases;
  }

  private static void echoed(List<Case> cases) {
    for (int length : new int[] {0, 1, 125, 126, 127, 128, 65_535, 65_536, 65_537, MOST}) {
      cases.add(
          Case.open(
              "5.2",
              "a text of " + length + " bytes comes back",
              peer -> peer.send(text(ascii(length))).hears(text(ascii(length)))));
      cases.add(
          Case.open(
              "5.2",
              "a binary message of " + length + " bytes comes back",
              peer -> peer.send(binary(ascii(length))).hears(binary(ascii(length)))));
    }
    for (int bytes : new int[] {1, 3}) {
      for (int length : new int[] {125, 126, 1000}) {
        cases.add(
            Case.open(
                "5.2",
                "a text of " + length + " bytes in reads of " + bytes + " comes back",
                peer -> peer.sendIn(bytes, text(ascii(length))).hears(text(ascii(length)))));
      }
    }
    for (int bytes : new int[] {64, 997, 1 << 14}) {
      cases.add(
          Case.open(
              "5.2",
              "a text of 65536 bytes in reads of " + bytes + " comes back",
              peer -> peer.sendIn(bytes, text(ascii(65_536))).hears(text(ascii(65_536)))));
      cases.add(
          Case.open(
              "5.2",
              "a binary message of 65536 bytes in reads of " + bytes + " comes back",
              peer -> peer.sendIn(bytes, binary(ascii(65_536))).hears(binary(ascii(65_536)))));
    }
    cases.add(
        Case.open(
            "5.2",
            "a header with a length in 64 bits that comes byte by byte is put together",
            peer -> {
              byte[] bytes = binary(ascii(70_000)).bytes();
              for (int i = 0; i < 14; i++) {
                peer.send(new byte[] {bytes[i]});
              }
              peer.send(java.util.Arrays.copyOfRange(bytes, 14, bytes.length))
                  .hears(binary(ascii(70_000)));
            }));
  }

  private static void longWays(List<Case> cases) {
    for (int length : new int[] {0, 1, 125}) {
      for (int width : new int[] {2, 8}) {
        cases.add(longWay(length, width));
      }
    }
    for (int length : new int[] {126, 65_535}) {
      cases.add(longWay(length, 8));
    }
    cases.add(
        Case.open(
            "5.2",
            "a length that is not in its shortest form is refused before the payload is there",
            peer -> peer.send(hex("82 fe 0064 00000000")).refuses(1002)));
    cases.add(
        Case.open(
            "5.2",
            "a continuation whose length is not in its shortest form is refused with 1002",
            peer -> peer.send(text("a").more(), continuation("b").width(2)).refuses(1002)));
    cases.add(
        Case.open(
            "5.5",
            "a ping with a length in 16 bits is refused with 1002",
            peer -> peer.send(ping("hi").width(2)).refuses(1002)));
    cases.add(
        Case.open(
            "5.5",
            "a ping with a length in 64 bits is refused with 1002",
            peer -> peer.send(ping("hi").width(8)).refuses(1002)));
    for (long length : new long[] {Long.MIN_VALUE, -1, Long.MIN_VALUE | 5}) {
      cases.add(
          Case.open(
              "5.2",
              "the length %016x, whose highest bit is set, is refused with 1002".formatted(length),
              peer -> peer.send(binary(NOTHING).announcing(length)).refuses(1002)));
    }
  }

  private static Case longWay(int length, int width) {
    return Case.open(
        "5.2",
        "the length " + length + " in " + width * 8 + " bits is refused with 1002",
        peer -> peer.send(binary(ascii(length)).width(width)).refuses(1002));
  }

  private static void tooBig(List<Case> cases) {
    for (long length : new long[] {MOST + 1L, 1L << 31, 1L << 32, 1L << 40, Long.MAX_VALUE}) {
      cases.add(
          Case.open(
              "7.4.1",
              "a text of %d bytes is refused with 1009 at its header".formatted(length),
              peer -> peer.send(text(NOTHING).announcing(length)).refuses(1009)));
      cases.add(
          Case.open(
              "7.4.1",
              "a binary message of %d bytes is refused with 1009 at its header".formatted(length),
              peer -> peer.send(binary(NOTHING).announcing(length)).refuses(1009)));
    }
    cases.add(
        Case.open(
            "7.4.1",
            "the fragment that makes a message too big is refused with 1009 at its header",
            peer ->
                peer.send(
                        binary(ascii(MOST - 1)).more(), continuation(NOTHING).more().announcing(2))
                    .refuses(1009)));
    cases.add(
        Case.open(
            "7.4.1",
            "a fragment whose length would overflow the sum is refused with 1009",
            peer ->
                peer.send(text("abc").more(), continuation(NOTHING).announcing(Long.MAX_VALUE))
                    .refuses(1009)));
    cases.add(
        Case.open(
            "7.4.1",
            "the biggest message comes back also in fragments",
            peer ->
                peer.send(
                        text(ascii(MOST / 2)).more(),
                        continuation(NOTHING).more(),
                        continuation(ascii(MOST / 2)))
                    .hears(
                        text(
                            new String(ascii(MOST / 2), java.nio.charset.StandardCharsets.US_ASCII)
                                .repeat(2)))));
    cases.add(
        Case.open(
            "7.4.1",
            "messages before one that is too big come back",
            peer ->
                peer.send(text("one"), text(NOTHING).announcing(MOST + 1L))
                    .hears(text("one"))
                    .refuses(1009)));
    cases.add(
        Case.open(
            "7.4.1",
            "the payload of a message that was refused is not read as frames",
            peer ->
                peer.send(binary(ascii(200)).announcing(MOST + 1L))
                    .send(text("no"), ping("no"))
                    .refuses(1009)));
    cases.add(
        Case.open(
            "7.4.1",
            "the size begins anew with each message",
            peer ->
                peer.send(binary(ascii(MOST)))
                    .hears(binary(ascii(MOST)))
                    .send(binary(ascii(MOST)))
                    .hears(binary(ascii(MOST)))));
  }
}
