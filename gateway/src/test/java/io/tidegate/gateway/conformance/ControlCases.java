package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.open;
import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.hex;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.pong;
import static io.tidegate.gateway.conformance.Frame.text;

import java.util.ArrayList;
import java.util.List;

/** Sections 5.5, 5.5.2 and 5.5.3: pings and pongs. */
final class ControlCases {
  private ControlCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    pings(cases);
    pongs(cases);
    refused(cases);
    return cases;
  }

  private static void pings(List<Case> cases) {
    cases.add(
        open(
            "5.5.2",
            "a ping without payload is answered by a pong without",
            peer -> peer.send(ping("")).hears(pong(""))));
    cases.add(
        open(
            "5.5.2",
            "a ping's payload comes back in the pong",
            peer -> peer.send(ping("are you there")).hears(pong("are you there"))));
    cases.add(
        open(
            "5.5.2",
            "a ping's payload need not be UTF-8",
            peer -> peer.send(ping(hex("00fffefdc080"))).hears(pong(hex("00fffefdc080")))));
    cases.add(
        open(
            "5.5.2",
            "a ping of 125 bytes is answered",
            peer -> peer.send(ping(ascii(125))).hears(pong(ascii(125)))));
    cases.add(
        open(
            "5.5.2",
            "a ping of 125 bytes that comes byte by byte is answered",
            peer -> peer.sendIn(1, ping(ascii(125))).hears(pong(ascii(125)))));
    cases.add(
        open(
            "5.5.2",
            "ten pings in one segment are answered in order",
            peer -> {
              peer.send(pingsOf(10));
              for (Frame ping : pingsOf(10)) {
                peer.hears(pong(ping.payload()));
              }
            }));
    cases.add(
        open(
            "5.5.2",
            "ten pings byte by byte are answered in order",
            peer -> {
              peer.sendIn(1, pingsOf(10));
              for (Frame ping : pingsOf(10)) {
                peer.hears(pong(ping.payload()));
              }
            }));
    cases.add(
        open(
            "5.5.2",
            "pings between messages are answered, and both come back in order",
            peer ->
                peer.send(text("a"), ping("1"), text("b"), ping("2"), text("c"), ping("3"))
                    .hearsAll(text("a"), pong("1"), text("b"), pong("2"), text("c"), pong("3"))));
    cases.add(
        open(
            "5.5.2",
            "a ping under the key 0 is answered",
            peer -> peer.send(ping("zero").key(0)).hears(pong("zero"))));
  }

  private static void pongs(List<Case> cases) {
    cases.add(
        open(
            "5.5.3",
            "a pong that nobody asked for is not answered",
            peer -> peer.send(pong("")).send(text("a")).hears(text("a"))));
    cases.add(
        open(
            "5.5.3",
            "a pong with a payload that nobody asked for is not answered",
            peer -> peer.send(pong("hello"), text("a")).hears(text("a"))));
    cases.add(
        open(
            "5.5.3",
            "a ping after such a pong gets its own payload back",
            peer -> peer.send(pong("mine"), ping("yours")).hears(pong("yours"))));
    cases.add(
        open(
            "5.5.3",
            "a pong of 125 bytes of no UTF-8 is not answered",
            peer -> peer.send(pong(new byte[125]), text("a")).hears(text("a"))));
  }

  private static void refused(List<Case> cases) {
    for (int length : new int[] {126, 1000, 65_536}) {
      cases.add(
          open(
              "5.5",
              "a ping of " + length + " bytes is refused with 1002",
              peer -> peer.send(ping(ascii(length))).refuses(1002)));
    }
    cases.add(
        open(
            "5.5",
            "a pong of 126 bytes is refused with 1002",
            peer -> peer.send(pong(ascii(126))).refuses(1002)));
    cases.add(
        open(
            "5.5",
            "a ping of 126 bytes is refused before its payload is there",
            peer -> peer.send(ping("").announcing(126)).refuses(1002)));
    cases.add(
        open(
            "5.5",
            "a ping of 126 bytes between fragments is refused with 1002",
            peer -> peer.send(text("a").more(), ping(ascii(126))).refuses(1002)));
    cases.add(
        open(
            "5.5",
            "a pong before a violation is still answered",
            peer -> peer.send(ping("yes"), ping("no").more()).hears(pong("yes")).refuses(1002)));
  }

  private static Frame[] pingsOf(int count) {
    Frame[] pings = new Frame[count];
    for (int i = 0; i < count; i++) {
      pings[i] = ping("ping " + i);
    }
    return pings;
  }
}
