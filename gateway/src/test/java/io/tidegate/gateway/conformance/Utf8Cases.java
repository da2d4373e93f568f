package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.before;
import static io.tidegate.gateway.conformance.Case.open;
import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.binary;
import static io.tidegate.gateway.conformance.Frame.continuation;
import static io.tidegate.gateway.conformance.Frame.hex;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.pong;
import static io.tidegate.gateway.conformance.Frame.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Section 8.1: text is UTF-8 as RFC 3629 has it, and is refused with 1007 as soon as it is not. */
final class Utf8Cases {
  private Utf8Cases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    Utf8Vectors.VALID.forEach((name, bytes) -> cases.add(valid(name, hex(bytes))));
    Utf8Vectors.INVALID.forEach((name, bytes) -> cases.add(invalid(name, bytes)));
    Utf8Vectors.UNFINISHED.forEach((name, bytes) -> cases.add(unfinished(name, hex(bytes))));
    fragments(cases);
    failingFast(cases);
    elsewhere(cases);
    return cases;
  }

  /** Whole, in a fragment for each byte, and in a segment for each byte. */
  private static Case valid(String name, byte[] bytes) {
    return open(
        "8.1",
        name + " comes back, however it is cut",
        peer ->
            peer.send(text(bytes))
                .hears(text(bytes))
                .send(FragmentCases.fragments(text(bytes), 1))
                .hears(text(bytes))
                .sendIn(1, text(bytes))
                .hears(text(bytes)));
  }

  /**
   * Whole; and each byte by itself up to the one that makes it wrong, which is where the bar is, in
   * a frame and in a message of which more is to come.
   */
  private static Case invalid(String name, String vector) {
    byte[] whole = hex(vector.replace("|", ""));
    byte[] wrong = hex(vector.substring(0, vector.indexOf('|')));
    return before(
        "8.1",
        name + " is refused with 1007 at the first byte that shows it",
        target -> {
          try (Peer peer = target.open(Request.upgrade())) {
            peer.send(text(whole)).refuses(1007);
          }
          try (Peer peer = target.open(Request.upgrade())) {
            peer.sendIn(1, text(wrong).announcing(wrong.length + 1000)).refuses(1007);
          }
          try (Peer peer = target.open(Request.upgrade())) {
            Frame[] frames = FragmentCases.fragments(text(wrong), 1);
            frames[frames.length - 1] = frames[frames.length - 1].more();
            peer.send(frames).refuses(1007);
          }
        });
  }

  private static Case unfinished(String name, byte[] bytes) {
    return before(
        "8.1",
        name + " is refused with 1007 at the end of the message",
        target -> {
          try (Peer peer = target.open(Request.upgrade())) {
            peer.send(text(bytes)).refuses(1007);
          }
          try (Peer peer = target.open(Request.upgrade())) {
            peer.send(text(bytes).more(), ping("so far"))
                .hears(pong("so far"))
                .send(continuation(""))
                .refuses(1007);
          }
        });
  }

  private static void fragments(List<Case> cases) {
    cases.add(
        open(
            "5.6",
            "a character may be cut between fragments, with a ping in the gap",
            peer ->
                peer.send(text(hex("e2 82")).more(), ping("gap"), continuation(hex("ac")))
                    .hears(pong("gap"))
                    .hears(text("€"))));
    cases.add(
        open(
            "5.6",
            "a character may be cut between fragments, with empty ones in the gap",
            peer ->
                peer.send(
                        text(hex("f0 9f")).more(),
                        continuation("").more(),
                        continuation(hex("8c")).more(),
                        continuation("").more(),
                        continuation(hex("8d")))
                    .hears(text("🌍"))));
    cases.add(
        open(
            "8.1",
            "a character that is cut between messages is refused with 1007",
            peer -> peer.send(text(hex("e2 82")), text(hex("ac"))).refuses(1007)));
    cases.add(
        open(
            "8.1",
            "a character that goes on wrongly in the next fragment is refused with 1007",
            peer ->
                peer.send(text(hex("e2 82")).more(), continuation(hex("20")).more())
                    .refuses(1007)));
    cases.add(
        open(
            "8.1",
            "a message before one that is not UTF-8 comes back",
            peer -> peer.send(text("κόσμε"), text(hex("ff"))).hears(text("κόσμε")).refuses(1007)));
  }

  private static void failingFast(List<Case> cases) {
    for (int place : new int[] {0, 1, 7, 8, 9, 1000, 65_535, 100_000}) {
      cases.add(
          open(
              "8.1",
              "a wrong byte after %d good ones is refused before the frame is complete"
                  .formatted(place),
              peer -> {
                byte[] bytes = ascii(place + 1);
                bytes[place] = (byte) 0xff;
                peer.send(text(bytes).announcing(LengthCases.MOST)).refuses(1007);
              }));
    }
    for (int length : new int[] {1, 8, 9, 125, 126, 4096, 65_536}) {
      cases.add(
          open(
              "8.1",
              "a wrong last byte of %d is refused with 1007".formatted(length),
              peer -> {
                byte[] bytes = ascii(length);
                bytes[length - 1] = (byte) 0x80;
                peer.send(text(bytes)).refuses(1007);
              }));
    }
    cases.add(
        open(
            "8.1",
            "a wrong byte in a fragment is refused before the message is complete",
            peer -> peer.send(text("good").more(), continuation(hex("c0")).more()).refuses(1007)));
    cases.add(
        open(
            "8.1",
            "a wrong byte that comes alone is refused before its fragment is complete",
            peer -> {
              byte[] fragment = continuation(hex("61 62 c1 63")).announcing(90).bytes();
              peer.send(text("good").more())
                  .send(Arrays.copyOf(fragment, fragment.length - 2))
                  .send(Arrays.copyOfRange(fragment, fragment.length - 2, fragment.length - 1))
                  .refuses(1007);
            }));
  }

  private static void elsewhere(List<Case> cases) {
    cases.add(
        open(
            "5.6",
            "a binary message need not be UTF-8",
            peer ->
                peer.send(binary(hex("c0 80 ed a0 80 ff")))
                    .hears(binary(hex("c0 80 ed a0 80 ff")))));
    cases.add(
        open(
            "5.6",
            "a binary message in fragments need not be UTF-8",
            peer ->
                peer.send(binary(hex("ff")).more(), continuation(hex("c0")))
                    .hears(binary(hex("ff c0")))));
    cases.add(
        open(
            "5.6",
            "a text after a binary message that ends inside a character is judged by itself",
            peer ->
                peer.send(binary(hex("e2 82")), text("a"))
                    .hears(binary(hex("e2 82")))
                    .hears(text("a"))));
    cases.add(
        open(
            "5.6",
            "a text of 3-byte characters across the borders of reads comes back",
            peer -> peer.sendIn(1001, text("€".repeat(20_000))).hears(text("€".repeat(20_000)))));
    cases.add(
        open(
            "5.6",
            "a text of 4-byte characters in fragments of three bytes comes back",
            peer ->
                peer.send(FragmentCases.fragments(text("🌍".repeat(40)), 3))
                    .hears(text("🌍".repeat(40)))));
  }
}
