package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.binary;
import static io.tidegate.gateway.conformance.Frame.close;
import static io.tidegate.gateway.conformance.Frame.continuation;
import static io.tidegate.gateway.conformance.Frame.hex;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.pong;
import static io.tidegate.gateway.conformance.Frame.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sections 5.1 to 5.3 and 5.7: headers, masks, reserved bits and opcodes. */
final class FramingCases {
  private static final byte[] NOTHING = new byte[0];

  private FramingCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    examples(cases);
    masks(cases);
    reservedBits(cases);
    reservedOpcodes(cases);
    boundaries(cases);
    return cases;
  }

  /** What the server sends is compared byte by byte. */
  private static void examples(List<Case> cases) {
    cases.add(
        Case.open(
            "5.7",
            "the example of a masked text is answered byte by byte",
            peer ->
                peer.send(hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"))
                    .hearsBytes(hex("81 05 48 65 6c 6c 6f"))));
    cases.add(
        Case.open(
            "5.7",
            "the example of a masked ping is answered byte by byte",
            peer ->
                peer.send(hex("89 85 37 fa 21 3d 7f 9f 4d 51 58"))
                    .hearsBytes(hex("8a 05 48 65 6c 6c 6f"))));
    cases.add(
        Case.open(
            "5.7",
            "256 bytes come back with a length in 16 bits",
            peer ->
                peer.send(binary(ascii(256)))
                    .hearsBytes(hex("82 7e 0100"))
                    .hearsBytes(ascii(256))));
    cases.add(
        Case.open(
            "5.7",
            "64 KiB come back with a length in 64 bits",
            peer ->
                peer.send(binary(ascii(1 << 16)))
                    .hearsBytes(hex("82 7f 0000000000010000"))
                    .hearsBytes(ascii(1 << 16))));
  }

  private static void masks(List<Case> cases) {
    Map<String, Frame> unmasked = new LinkedHashMap<>();
    unmasked.put("text", text("hi"));
    unmasked.put("text without payload", text(""));
    unmasked.put("binary", binary(ascii(200)));
    unmasked.put("ping", ping("hi"));
    unmasked.put("pong", pong("hi"));
    unmasked.put("close", close(1000));
    unmasked.forEach(
        (name, frame) ->
            cases.add(
                Case.open(
                    "5.1",
                    "an unmasked " + name + " frame is refused with 1002",
                    peer -> peer.send(frame.unmasked()).refuses(1002))));
    cases.add(
        Case.open(
            "5.1",
            "an unmasked continuation is refused with 1002",
            peer -> peer.send(text("a").more(), continuation("b").unmasked()).refuses(1002)));
    cases.add(
        Case.open(
            "5.1",
            "an unmasked frame is refused before its payload is there",
            peer -> peer.send(hex("81 05")).refuses(1002)));
    for (int key : new int[] {0, -1, 1, 0x01000000}) {
      cases.add(
          Case.open(
              "5.3",
              "a text under the key %08x is unmasked".formatted(key),
              peer -> peer.send(text("mask me").key(key)).hears(text("mask me"))));
    }
    cases.add(
        Case.open(
            "5.3",
            "each fragment has a key of its own, and the mask begins anew",
            peer ->
                peer.send(
                        text("abcde").more().key(0x11223344),
                        continuation("fgh").more().key(0x55667788),
                        continuation("ijklmnop").key(0x99aabbcc))
                    .hears(text("abcdefghijklmnop"))));
    for (int cut = 1; cut < 8; cut++) {
      int bytes = cut;
      cases.add(
          Case.open(
              "5.3",
              "the mask goes on where a frame is cut into reads of " + cut,
              peer -> peer.sendIn(bytes, binary(ascii(61))).hears(binary(ascii(61)))));
    }
  }

  private static void reservedBits(List<Case> cases) {
    Map<String, Frame> frames = new LinkedHashMap<>();
    frames.put("text", text("hi"));
    frames.put("binary", binary(hex("01")));
    frames.put("ping", ping("hi"));
    frames.put("pong", pong(""));
    frames.put("close", close(1000));
    for (int rsv = 1; rsv <= 3; rsv++) {
      int bit = 8 >> rsv;
      String name = "RSV" + rsv;
      frames.forEach(
          (type, frame) ->
              cases.add(
                  Case.open(
                      "5.2",
                      name + " on a " + type + " frame without an extension is refused with 1002",
                      peer -> peer.send(frame.reserved(bit)).refuses(1002))));
      cases.add(
          Case.open(
              "5.2",
              name + " on a continuation without an extension is refused with 1002",
              peer -> peer.send(text("a").more(), continuation("b").reserved(bit)).refuses(1002)));
    }
    cases.add(
        Case.open(
            "5.2",
            "all reserved bits together are refused with 1002",
            peer -> peer.send(text("").reserved(7)).refuses(1002)));
    cases.add(
        Case.open(
            "5.2",
            "a reserved bit is refused before the payload is there",
            peer -> peer.send(text(NOTHING).reserved(2).announcing(100)).refuses(1002)));
  }

  private static void reservedOpcodes(List<Case> cases) {
    for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
      cases.add(
          Case.open(
              "5.2",
              "the reserved opcode %x is refused with 1002".formatted(opcode),
              peer -> peer.send(Frame.of(opcode, "hi".getBytes(UTF_8))).refuses(1002)));
    }
    cases.add(
        Case.open(
            "5.2",
            "a reserved opcode is refused before the payload is there",
            peer -> peer.send(Frame.of(3, NOTHING).announcing(100)).refuses(1002)));
    cases.add(
        Case.open(
            "5.2",
            "a reserved opcode between fragments is refused with 1002",
            peer ->
                peer.send(text("a").more(), Frame.of(3, NOTHING), continuation("b"))
                    .refuses(1002)));
    cases.add(
        Case.open(
            "5.2",
            "a first fragment with a reserved opcode is refused with 1002",
            peer -> peer.send(Frame.of(7, NOTHING).more()).refuses(1002)));
  }

  private static void boundaries(List<Case> cases) {
    cases.add(
        Case.open(
            "5.2",
            "messages before a violation in the same segment come back first, what follows does not",
            peer ->
                peer.send(text("one"), binary(hex("02")), text("no").reserved(2), ping("no"))
                    .hears(text("one"))
                    .hears(binary(hex("02")))
                    .refuses(1002)));
    cases.add(
        Case.open(
            "5.2",
            "messages before a violation come back also when each byte comes by itself",
            peer ->
                peer.sendIn(1, text("one"), text("two"), Frame.of(5, NOTHING))
                    .hears(text("one"))
                    .hears(text("two"))
                    .refuses(1002)));
    cases.add(
        Case.open(
            "5.2",
            "a hundred messages in one segment come back in order",
            peer -> {
              Frame[] frames = new Frame[100];
              for (int i = 0; i < frames.length; i++) {
                frames[i] = i % 2 == 0 ? text("message " + i) : binary(ascii(i));
              }
              peer.send(frames);
              for (Frame frame : frames) {
                peer.hears(frame);
              }
            }));
    cases.add(
        Case.open(
            "5.2",
            "a message ends and the next one begins in the middle of a segment",
            peer -> {
              Frame first = text(ascii(300));
              Frame second = binary(ascii(500));
              peer.sendIn(311, first, second, first).hears(first).hears(second).hears(first);
            }));
  }
}
