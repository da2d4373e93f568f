package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.open;
import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.close;
import static io.tidegate.gateway.conformance.Frame.continuation;
import static io.tidegate.gateway.conformance.Frame.hex;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.pong;
import static io.tidegate.gateway.conformance.Frame.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sections 5.5.1 and 7: the close handshake, its codes and its reasons. */
final class CloseCases {
  private CloseCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    codes(cases);
    reasons(cases);
    after(cases);
    before(cases);
    lost(cases);
    return cases;
  }

  private static void codes(List<Case> cases) {
    int[] good = {
      1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999
    };
    for (int code : good) {
      cases.add(
          open(
              "7.4",
              "close code " + code + " is answered by the same",
              peer -> peer.send(close(code)).closes(code)));
    }
    int[] bad = {
      0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 5001, 32_768, 65_535
    };
    for (int code : bad) {
      cases.add(
          open(
              code >= 1004 && code <= 1015 ? "7.4.1" : "7.4.2",
              "close code " + code + " on the wire is answered 1002",
              peer -> peer.send(close(code)).refuses(1002)));
    }
    cases.add(
        open(
            "5.5.1",
            "a close frame without a code is answered by one without",
            peer -> peer.send(close()).closes(1005)));
    cases.add(
        open(
            "5.5.1",
            "a close frame with one byte is answered 1002",
            peer -> peer.send(Frame.of(Frame.CLOSE, hex("03"))).refuses(1002)));
    cases.add(
        open(
            "5.5.1",
            "a close code that comes byte by byte is answered by the same",
            peer -> peer.sendIn(1, close(4321, "bye")).closes(4321)));
  }

  private static void reasons(List<Case> cases) {
    cases.add(
        open(
            "5.5.1",
            "a close frame with a reason is answered by its code",
            peer -> peer.send(close(1000, "going home")).closes(1000)));
    cases.add(
        open(
            "5.5.1",
            "a reason in several scripts is taken",
            peer -> peer.send(close(1000, "κόσμε 世界 🌍")).closes(1000)));
    cases.add(
        open(
            "5.5",
            "a reason of 123 bytes is taken",
            peer -> peer.send(close(1000, ascii(123))).closes(1000)));
    cases.add(
        open(
            "5.5",
            "a reason of 124 bytes is answered 1002",
            peer -> peer.send(close(1000, ascii(124))).refuses(1002)));
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("a byte that never occurs", "61 ff");
    bad.put("a character cut off at the end", "61 e2 82");
    bad.put("an overlong slash", "c0 af");
    bad.put("a surrogate", "ed a0 80");
    bad.put("a code point above U+10FFFF", "f4 90 80 80");
    bad.forEach(
        (name, bytes) ->
            cases.add(
                open(
                    "8.1",
                    "a reason with " + name + " is answered 1007",
                    peer -> peer.send(close(1000, hex(bytes))).refuses(1007))));
  }

  /** Section 1.4: after a close frame, whatever comes is discarded. */
  private static void after(List<Case> cases) {
    Map<String, Frame> later = new LinkedHashMap<>();
    later.put("a text", text("late"));
    later.put("a ping", ping("late"));
    later.put("a second close frame", close(1001));
    later.put("a first fragment", text("late").more());
    later.put("a continuation of nothing", continuation("late"));
    later.put("an unmasked frame", text("late").unmasked());
    later.put("a frame with reserved bits", text("late").reserved(7));
    later.put("text that is not UTF-8", text(hex("ff")));
    later.put("a big message", text(ascii(LengthCases.MOST)));
    later.forEach(
        (name, frame) ->
            cases.add(
                open(
                    "5.5.1",
                    name + " after a close frame is not answered",
                    peer -> peer.send(close(1000), frame).closes(1000))));
    cases.add(
        open(
            "7.1.7",
            "what comes after a violation is not answered",
            peer ->
                peer.send(Frame.of(3, hex("")), text("late"), ping("late"), close(1000))
                    .refuses(1002)));
    cases.add(
        open(
            "5.5.1",
            "the server sends nothing of its own after its close frame",
            peer -> {
              peer.send(close(1000), ping("late"), text("late")).hearsClose(1000);
              peer.ends();
            }));
  }

  private static void before(List<Case> cases) {
    cases.add(
        open(
            "5.5.1",
            "messages before a close frame in the same segment come back before the answer",
            peer ->
                peer.send(text("one"), text("two"), ping("three"), close(1000))
                    .hearsAll(text("one"), text("two"), pong("three"))
                    .closes(1000)));
    cases.add(
        open(
            "5.5.1",
            "a big message before a close frame comes back whole before the answer",
            peer ->
                peer.send(text(ascii(LengthCases.MOST)), close(1000), ping("late"))
                    .hears(text(ascii(LengthCases.MOST)))
                    .closes(1000)));
    cases.add(
        open(
            "7.1.2",
            "a close frame right after the 101 is answered",
            peer -> peer.send(close(1001)).closes(1001)));
    cases.add(
        open(
            "7.1.4",
            "the answer to a violation is short enough and says why",
            peer -> {
              Received frame = peer.send(text("").reserved(1)).next();
              assertThat(frame.opcode()).isEqualTo(Frame.CLOSE);
              assertThat(frame.closeCode()).isEqualTo(1002);
              assertThat(frame.wire()).hasSizeGreaterThan(2);
              peer.ends();
            }));
  }

  private static void lost(List<Case> cases) {
    cases.add(
        open(
            "7.1.5",
            "a client that ends its stream without a close frame is let go without one",
            peer -> peer.send(text("a")).hears(text("a")).sendEnd().ends()));
    cases.add(
        open(
            "7.1.5",
            "a client that ends its stream inside a header is let go without a close frame",
            peer -> peer.send(hex("81 fe 01")).sendEnd().ends()));
    cases.add(
        open(
            "7.1.5",
            "a client that ends its stream inside a payload is let go without a close frame",
            peer -> peer.send(text("abc").announcing(10)).sendEnd().ends()));
    cases.add(
        open(
            "7.1.5",
            "a client that ends its stream between fragments is let go without a close frame",
            peer -> peer.send(text("abc").more()).sendEnd().ends()));
  }
}
