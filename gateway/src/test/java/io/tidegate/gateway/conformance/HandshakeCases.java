package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.before;
import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.binary;
import static io.tidegate.gateway.conformance.Frame.close;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.pong;
import static io.tidegate.gateway.conformance.Frame.text;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sections 4.1 and 4.2: requests that have to be answered with a 101, and what belongs to it. */
final class HandshakeCases {
  private static final Request GOOD = Request.upgrade();

  private HandshakeCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    answers(cases);
    accepted(cases);
    subprotocols(cases);
    earlyFrames(cases);
    return cases;
  }

  private static void answers(List<Case> cases) {
    cases.add(
        before(
            "1.3",
            "the example's key is answered by the example's accept",
            target -> {
              try (Exchange exchange = target.ask(GOOD).status(101)) {
                exchange.header("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
              }
            }));
    cases.add(
        before(
            "4.2.2",
            "another key is answered by its own accept",
            target -> {
              Request request = GOOD.but("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
              try (Exchange exchange = target.ask(request).status(101)) {
                exchange.header("Sec-WebSocket-Accept", "ICX+Yqv66kxgM0FcWaLWlFLwTAI=");
              }
            }));
    cases.add(
        before(
            "4.2.2",
            "the answer upgrades to websocket",
            target -> {
              try (Exchange exchange = target.ask(GOOD).status(101)) {
                exchange.upgrades();
              }
            }));
    cases.add(
        before(
            "4.2.2",
            "the answer names no extension and no subprotocol that was not asked for",
            target -> {
              try (Exchange exchange = target.ask(GOOD).status(101)) {
                exchange.noHeader("Sec-WebSocket-Extensions").noHeader("Sec-WebSocket-Protocol");
              }
            }));
    cases.add(
        before(
            "9112:6.3",
            "the answer has no body and no length of one",
            target -> {
              try (Exchange exchange = target.ask(GOOD).status(101)) {
                exchange.noHeader("Content-Length").noHeader("Transfer-Encoding");
              }
            }));
  }

  private static void accepted(List<Case> cases) {
    Map<String, Request> good = new LinkedHashMap<>();
    good.put("an Upgrade of WebSocket in other letters", GOOD.but("Upgrade", "WebSocket"));
    good.put("an Upgrade that lists websocket second", GOOD.but("Upgrade", "h2c, websocket"));
    good.put("a Connection of upgrade in small letters", GOOD.but("Connection", "upgrade"));
    good.put(
        "a Connection that lists Upgrade second", GOOD.but("Connection", "keep-alive, Upgrade"));
    good.put(
        "a Connection that lists Upgrade between empty items",
        GOOD.but("Connection", ", keep-alive,,Upgrade ,"));
    good.put(
        "a Connection in two lines",
        GOOD.without("Connection").with("Connection", "keep-alive").with("Connection", "Upgrade"));
    good.put(
        "names in small letters",
        new Request(
            GOOD.line(),
            List.of(
                "host: localhost",
                "upgrade: websocket",
                "connection: Upgrade",
                "sec-websocket-key: " + Request.KEY,
                "sec-websocket-version: 13")));
    good.put(
        "no blanks before the values",
        new Request(
            GOOD.line(),
            List.of(
                "Host:localhost",
                "Upgrade:websocket",
                "Connection:Upgrade",
                "Sec-WebSocket-Key:" + Request.KEY,
                "Sec-WebSocket-Version:13")));
    good.put(
        "blanks and tabs around the values",
        new Request(
            GOOD.line(),
            List.of(
                "Host: \t localhost \t",
                "Upgrade: \twebsocket  ",
                "Connection:   Upgrade\t",
                "Sec-WebSocket-Key: \t" + Request.KEY + " ",
                "Sec-WebSocket-Version:  13 ")));
    good.put("a Connection that is folded", GOOD.but("Connection", "keep-alive,\r\n Upgrade"));
    good.put("a query", GOOD.line("GET " + Request.PATH + "?a=b&c=%20 HTTP/1.1"));
    good.put(
        "a target in absolute form",
        GOOD.line("GET http://localhost" + Request.PATH + " HTTP/1.1"));
    good.put("a Host with a port", GOOD.but("Host", "localhost:12345"));
    good.put("a header that nobody knows", GOOD.with("X-Unknown", "yes"));
    good.put("a cookie", GOOD.with("Cookie", "a=b; c=d"));
    good.put("a Content-Length of 0", GOOD.with("Content-Length", "0"));
    good.forEach(
        (name, request) -> {
          String section = name.contains("absolute") ? "9112:3.2.2" : "4.2.1";
          section = name.contains("blanks") ? "9112:5.1" : section;
          section = name.contains("folded") ? "9112:5.2" : section;
          cases.add(
              before(
                  section,
                  "a request with " + name + " is upgraded",
                  target -> {
                    try (Peer peer = target.open(request)) {
                      peer.send(text("in")).hears(text("in")).bye();
                    }
                  }));
        });
    cases.add(
        before(
            "10.2",
            "a request from a page of the same host is upgraded",
            target -> {
              String scheme = target.scheme().replace("ws", "http");
              try (Peer peer = target.open(GOOD.with("Origin", scheme + "://localhost"))) {
                peer.send(text("in")).hears(text("in")).bye();
              }
            }));
    cases.add(
        before(
            "4.2.1",
            "a request that comes byte by byte is upgraded",
            target -> {
              try (Peer peer =
                  Exchange.begin(target.connect()).sendSlowly(GOOD.bytes()).upgraded()) {
                peer.send(text("in")).hears(text("in")).bye();
              }
            }));
    cases.add(
        before(
            "9112:2.2",
            "an empty line before the request line is skipped",
            target -> {
              try (Peer peer =
                  Exchange.begin(target.connect())
                      .send(new byte[] {'\r', '\n'})
                      .send(GOOD.bytes())
                      .upgraded()) {
                peer.send(text("in")).hears(text("in")).bye();
              }
            }));
  }

  /** Section 11.3.4: of those that are offered one, or none where none was. */
  private static void subprotocols(List<Case> cases) {
    Map<String, Request> offers = new LinkedHashMap<>();
    String name = "Sec-WebSocket-Protocol";
    offers.put("alone", GOOD.with(name, "tidegate.raw"));
    offers.put("behind another", GOOD.with(name, "chat, tidegate.raw"));
    offers.put("before another", GOOD.with(name, "tidegate.raw,chat"));
    offers.put("between empty items", GOOD.with(name, ", ,tidegate.raw,"));
    offers.put(
        "before one of all the other signs", GOOD.with(name, "tidegate.raw, a!#$%&'*+-.^_`|~Z09"));
    offers.put("in a second line", GOOD.with(name, "chat").with(name, "tidegate.raw"));
    offers.forEach(
        (where, request) ->
            cases.add(
                before(
                    "11.3.4",
                    "the subprotocol, offered " + where + ", is in the answer once",
                    target -> {
                      Exchange exchange = target.ask(request).status(101);
                      exchange.header(name, "tidegate.raw");
                      try (Peer peer = exchange.upgraded()) {
                        peer.send(text("in")).hears(text("in")).bye();
                      }
                    })));
  }

  /** Section 4.1 has a client wait for the 101; one that does not loses and doubles nothing. */
  private static void earlyFrames(List<Case> cases) {
    cases.add(
        before(
            "4.1",
            "frames in the segment of the request are answered once, after the 101",
            target -> {
              try (Peer peer =
                  early(target, GOOD.bytes(), text("early").bytes(), ping("bird").bytes())) {
                peer.hearsAll(text("early"), pong("bird")).send(text("x")).hears(text("x")).bye();
              }
            }));
    cases.add(
        before(
            "4.1",
            "a frame that is cut by the end of the request's segment is put together",
            target -> {
              byte[] frame = binary(ascii(1000)).bytes();
              try (Peer peer = early(target, GOOD.bytes(), Arrays.copyOf(frame, 5))) {
                peer.send(Arrays.copyOfRange(frame, 5, frame.length))
                    .hears(binary(ascii(1000)))
                    .bye();
              }
            }));
    cases.add(
        before(
            "4.1",
            "a violation in the segment of the request is answered after the 101",
            target -> {
              try (Peer peer =
                  early(
                      target, GOOD.bytes(), text("early").bytes(), text("a").unmasked().bytes())) {
                peer.hears(text("early")).refuses(1002);
              }
            }));
    cases.add(
        before(
            "4.1",
            "a close frame in the segment of the request is answered after the 101",
            target -> {
              try (Peer peer = early(target, GOOD.bytes(), close(1001).bytes())) {
                peer.closes(1001);
              }
            }));
    cases.add(
        before(
            "4.1",
            "64 KiB that follow the request at once come back whole",
            target -> {
              try (Peer peer = early(target, GOOD.bytes(), binary(ascii(1 << 16)).bytes())) {
                peer.hears(binary(ascii(1 << 16))).bye();
              }
            }));
  }

  private static Peer early(Target target, byte[]... parts) throws Exception {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return Exchange.begin(target.connect()).send(all.toByteArray()).upgraded();
  }
}
