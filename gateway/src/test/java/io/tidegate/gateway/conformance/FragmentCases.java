package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.open;
import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.binary;
import static io.tidegate.gateway.conformance.Frame.close;
import static io.tidegate.gateway.conformance.Frame.continuation;
import static io.tidegate.gateway.conformance.Frame.hex;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.pong;
import static io.tidegate.gateway.conformance.Frame.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Section 5.4: messages in fragments. */
final class FragmentCases {
  /** {@code limits.fragments_per_message} of the node. */
  static final int MOST = 1024;

  private FragmentCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    joined(cases);
    interrupted(cases);
    refused(cases);
    sizes(cases);
    return cases;
  }

  private static void joined(List<Case> cases) {
    cases.add(
        open(
            "5.4",
            "a text in two fragments of one segment comes back as one message",
            peer -> peer.send(text("ab").more(), continuation("cd")).hears(text("abcd"))));
    cases.add(
        open(
            "5.4",
            "a text in two fragments of two segments comes back as one message",
            peer -> peer.send(text("ab").more()).send(continuation("cd")).hears(text("abcd"))));
    cases.add(
        open(
            "5.4",
            "a text in two fragments byte by byte comes back as one message",
            peer -> peer.sendIn(1, text("ab").more(), continuation("cd")).hears(text("abcd"))));
    cases.add(
        open(
            "5.4",
            "a binary message in three fragments comes back as one message",
            peer ->
                peer.send(
                        binary(hex("00ff")).more(),
                        continuation(hex("80")).more(),
                        continuation(hex("c1")))
                    .hears(binary(hex("00ff80c1")))));
    cases.add(
        open(
            "5.4",
            "a first fragment that is empty loses nothing",
            peer -> peer.send(text("").more(), continuation("ab")).hears(text("ab"))));
    cases.add(
        open(
            "5.4",
            "a first fragment of a binary message that is empty loses nothing",
            peer ->
                peer.send(binary(hex("")).more(), continuation(hex("01")))
                    .hears(binary(hex("01")))));
    cases.add(
        open(
            "5.4",
            "a fragment in the middle that is empty loses nothing",
            peer ->
                peer.send(text("a").more(), continuation("").more(), continuation("b"))
                    .hears(text("ab"))));
    cases.add(
        open(
            "5.4",
            "a last fragment that is empty ends the message",
            peer -> peer.send(text("ab").more()).send(continuation("")).hears(text("ab"))));
    cases.add(
        open(
            "5.4",
            "three empty fragments are an empty text",
            peer ->
                peer.send(text("").more(), continuation("").more(), continuation(""))
                    .hears(text(""))));
    cases.add(
        open(
            "5.4",
            "two empty fragments are an empty binary message",
            peer -> peer.send(binary(hex("")).more(), continuation("")).hears(binary(hex("")))));
    cases.add(
        open(
            "5.4",
            "fragmented and whole messages in one segment come back in order",
            peer ->
                peer.send(
                        text("a").more(),
                        continuation("b"),
                        binary(hex("01")),
                        binary(hex("02")).more(),
                        continuation(hex("03")),
                        text("c"))
                    .hears(text("ab"))
                    .hears(binary(hex("01")))
                    .hears(binary(hex("0203")))
                    .hears(text("c"))));
  }

  private static void interrupted(List<Case> cases) {
    cases.add(
        open(
            "5.4",
            "a ping between two fragments is answered before the message is complete",
            peer ->
                peer.send(text("ab").more(), ping("now"))
                    .hears(pong("now"))
                    .send(continuation("cd"))
                    .hears(text("abcd"))));
    cases.add(
        open(
            "5.4",
            "a ping between two fragments of one segment is answered before the message",
            peer ->
                peer.send(text("ab").more(), ping("now"), continuation("cd"))
                    .hears(pong("now"))
                    .hears(text("abcd"))));
    cases.add(
        open(
            "5.4",
            "a ping between two fragments byte by byte is answered before the message",
            peer ->
                peer.sendIn(1, text("ab").more(), ping("now"), continuation("cd"))
                    .hears(pong("now"))
                    .hears(text("abcd"))));
    cases.add(
        open(
            "5.4",
            "pings between all of five fragments are answered in order",
            peer ->
                peer.send(
                        text("a").more(),
                        ping("1"),
                        continuation("b").more(),
                        ping("2"),
                        continuation("c").more(),
                        ping("3"),
                        continuation("d").more(),
                        ping("4"),
                        continuation("e"))
                    .hears(pong("1"))
                    .hears(pong("2"))
                    .hears(pong("3"))
                    .hears(pong("4"))
                    .hears(text("abcde"))));
    cases.add(
        open(
            "5.4",
            "a pong between two fragments changes nothing",
            peer ->
                peer.send(text("ab").more(), pong("?"), continuation("cd")).hears(text("abcd"))));
    cases.add(
        open(
            "5.4",
            "a ping after an empty first fragment loses nothing",
            peer ->
                peer.send(text("").more(), ping(""), continuation("ab"))
                    .hears(pong(""))
                    .hears(text("ab"))));
    cases.add(
        open(
            "5.4",
            "a close between two fragments is answered, and the message is dropped",
            peer -> peer.send(text("ab").more(), close(1001), continuation("cd")).closes(1001)));
  }

  private static void refused(List<Case> cases) {
    String refused = " is refused with 1002";
    cases.add(
        open(
            "5.4",
            "a continuation of nothing" + refused,
            peer -> peer.send(continuation("a")).refuses(1002)));
    cases.add(
        open(
            "5.4",
            "a continuation of nothing that is not the last" + refused,
            peer -> peer.send(continuation("a").more()).refuses(1002)));
    cases.add(
        open(
            "5.4",
            "an empty continuation of nothing" + refused,
            peer -> peer.send(continuation("")).refuses(1002)));
    cases.add(
        open(
            "5.4",
            "a continuation of nothing is refused before its payload is there",
            peer -> peer.send(continuation("").announcing(50)).refuses(1002)));
    cases.add(
        open(
            "5.4",
            "a continuation after a whole message is refused, and the message comes back",
            peer -> peer.send(text("ab"), continuation("cd")).hears(text("ab")).refuses(1002)));
    cases.add(
        open(
            "5.4",
            "a continuation after the last one is refused, and the message comes back",
            peer ->
                peer.send(text("a").more(), continuation("b"), continuation("c"))
                    .hears(text("ab"))
                    .refuses(1002)));
    cases.add(
        open(
            "5.4",
            "a text inside a fragmented message" + refused,
            peer -> peer.send(text("a").more(), text("b")).refuses(1002)));
    cases.add(
        open(
            "5.4",
            "a binary frame inside a fragmented text" + refused,
            peer -> peer.send(text("a").more(), binary(hex("01"))).refuses(1002)));
    cases.add(
        open(
            "5.4",
            "a first fragment inside a fragmented message" + refused,
            peer -> peer.send(text("a").more(), text("b").more()).refuses(1002)));
    cases.add(
        open(
            "5.4",
            "a text after an empty first fragment" + refused,
            peer -> peer.send(text("").more(), text("b")).refuses(1002)));
    cases.add(
        open(
            "5.4",
            "a text inside a fragmented message is refused before its payload is there",
            peer -> peer.send(text("a").more(), text("").announcing(9)).refuses(1002)));
    cases.add(
        open(
            "5.5",
            "a ping in fragments" + refused,
            peer -> peer.send(ping("a").more(), continuation("b")).refuses(1002)));
    cases.add(
        open(
            "5.5",
            "a pong in fragments" + refused,
            peer -> peer.send(pong("a").more(), continuation("b")).refuses(1002)));
    cases.add(
        open(
            "5.5",
            "a close in fragments" + refused,
            peer -> peer.send(close(1000).more(), continuation("b")).refuses(1002)));
    cases.add(
        open(
            "5.5",
            "a ping in fragments inside a fragmented message" + refused,
            peer -> peer.send(text("a").more(), ping("").more()).refuses(1002)));
  }

  private static void sizes(List<Case> cases) {
    for (int size : new int[] {64, 256, 1024, 4096, 1 << 14, 1 << 15}) {
      cases.add(
          open(
              "5.4",
              "a text of %d bytes in fragments of %d comes back".formatted(size * 8, size),
              peer ->
                  peer.send(fragments(text(ascii(size * 8)), size)).hears(text(ascii(size * 8)))));
      cases.add(
          open(
              "5.4",
              "a binary message of %d bytes in fragments of %d, in reads of 1000, comes back"
                  .formatted(size * 4, size),
              peer ->
                  peer.sendIn(1000, fragments(binary(ascii(size * 4)), size))
                      .hears(binary(ascii(size * 4)))));
    }
    cases.add(
        open(
            "10.4",
            "as many fragments as are allowed are one message",
            peer -> peer.send(fragments(text(ascii(MOST)), 1)).hears(text(ascii(MOST)))));
    cases.add(
        open(
            "10.4",
            "the count of fragments begins anew with each message",
            peer ->
                peer.send(fragments(text(ascii(MOST)), 1))
                    .send(fragments(binary(ascii(MOST)), 1))
                    .hears(text(ascii(MOST)))
                    .hears(binary(ascii(MOST)))));
    cases.add(
        open(
            "10.4",
            "one fragment too many is refused with 1008",
            peer -> peer.send(fragments(text(ascii(MOST + 1)), 1)).refuses(1008)));
    cases.add(
        open(
            "10.4",
            "one empty fragment too many is refused with 1008",
            peer -> {
              Frame[] frames = new Frame[MOST + 1];
              Arrays.fill(frames, continuation("").more());
              frames[0] = text("").more();
              peer.send(frames).refuses(1008);
            }));
  }

  /** The message in fragments of so many bytes. */
  static Frame[] fragments(Frame whole, int size) {
    byte[] payload = whole.payload();
    var frames = new ArrayList<Frame>();
    for (int from = 0; from < payload.length; from += size) {
      int to = Math.min(payload.length, from + size);
      byte[] part = Arrays.copyOfRange(payload, from, to);
      Frame frame =
          from == 0
              ? Frame.of(whole.opcode(), part).reserved(whole.reserved())
              : continuation(part);
      frames.add(to == payload.length ? frame : frame.more());
    }
    return frames.toArray(Frame[]::new);
  }
}
