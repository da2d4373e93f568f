package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.before;
import static io.tidegate.gateway.conformance.Frame.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sections 4.2.1, 4.2.2, 4.4 and 11.3: requests that are no opening handshake, and their answers.
 */
final class RefusalCases {
  private static final Request GOOD = Request.upgrade();

  private RefusalCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    upgradeRequired(cases);
    versions(cases);
    keys(cases);
    subprotocols(cases);
    requests(cases);
    bodies(cases);
    afterwards(cases);
    return cases;
  }

  /** RFC 9110 section 15.5.22: with the protocol to upgrade to. */
  private static void upgradeRequired(List<Case> cases) {
    Map<String, Request> plain = new LinkedHashMap<>();
    plain.put("without Upgrade", GOOD.without("Upgrade"));
    plain.put("with an Upgrade to something else", GOOD.but("Upgrade", "h2c"));
    plain.put("with an Upgrade that only begins like it", GOOD.but("Upgrade", "websockets"));
    plain.put("without Connection", GOOD.without("Connection"));
    plain.put("with a Connection of something else", GOOD.but("Connection", "keep-alive"));
    plain.put(
        "with no header but Host",
        new Request("GET " + Request.PATH + " HTTP/1.1", List.of("Host: localhost")));
    plain.forEach(
        (name, request) ->
            cases.add(
                before(
                    "4.2.1",
                    "a request " + name + " is answered 426",
                    target ->
                        target.ask(request).status(426).header("Upgrade", "websocket").refused())));
  }

  /** Section 4.4: with the version that is spoken. */
  private static void versions(List<Case> cases) {
    for (String version : List.of("0", "7", "8", "12", "14", "255", "256", "113", "13.0", "x")) {
      cases.add(
          before(
              "4.4",
              "version " + version + " is answered 426, with the version that is spoken",
              target ->
                  target
                      .ask(GOOD.but("Sec-WebSocket-Version", version))
                      .status(426)
                      .header("Sec-WebSocket-Version", "13")
                      .refused()));
    }
    refused(cases, "4.4", "without a version", GOOD.without("Sec-WebSocket-Version"), 426);
    refused(
        cases,
        "11.3.5",
        "with its version in two lines",
        GOOD.with("Sec-WebSocket-Version", "13"),
        426);
  }

  /** Section 4.1: 16 bytes in base64. */
  private static void keys(List<Case> cases) {
    Map<String, String> bad = new LinkedHashMap<>();
    bad.put("that is empty", "");
    bad.put("of 15 bytes", "AAAAAAAAAAAAAAAAAAAA");
    bad.put("of 17 bytes", "AAAAAAAAAAAAAAAAAAAAAAA=");
    bad.put("of 16 bytes without padding", "AAAAAAAAAAAAAAAAAAAAAA");
    bad.put("of 24 letters that are no base64", "!!!!!!!!!!!!!!!!!!!!!!==");
    bad.put("in the alphabet of URLs", "____________________-A==");
    bad.put("with a blank inside", "dGhlIHNhbXBs ZSBub25jZQ==");
    bad.put("that is followed by a second one", "dGhlIHNhbXBsZSBub25jZQ==, x");
    bad.forEach(
        (name, key) ->
            refused(cases, "4.2.1", "with a key " + name, GOOD.but("Sec-WebSocket-Key", key), 400));
    refused(cases, "4.2.1", "without a key", GOOD.without("Sec-WebSocket-Key"), 400);
    refused(
        cases,
        "11.3.1",
        "with two keys in two lines",
        GOOD.with("Sec-WebSocket-Key", Request.KEY),
        400);
  }

  /** Section 4.1 (10): tokens, all different, and one at least where there is the header. */
  private static void subprotocols(List<Case> cases) {
    String name = "Sec-WebSocket-Protocol";
    Map<String, Request> bad = new LinkedHashMap<>();
    bad.put("that is there twice", GOOD.with(name, "tidegate.raw, tidegate.raw"));
    bad.put(
        "that is there twice, in two lines",
        GOOD.with(name, "tidegate.raw").with(name, "tidegate.raw"));
    bad.put("and another one twice", GOOD.with(name, "chat, tidegate.raw, chat"));
    bad.put("and two words", GOOD.with(name, "tidegate.raw, a b"));
    bad.put("and one in quotes", GOOD.with(name, "tidegate.raw, \"x\""));
    bad.put("and one with a separator", GOOD.with(name, "tidegate.raw, a/b"));
    bad.put("and one with a parameter", GOOD.with(name, "tidegate.raw; a=b"));
    bad.put("and one outside ASCII", GOOD.with(name, "tidegate.raw, \u00e9"));
    bad.forEach(
        (what, request) -> refused(cases, "4.2.1", "with the subprotocol " + what, request, 400));
    refused(cases, "11.3.4", "with an empty list of subprotocols", GOOD.with(name, ""), 400);
    refused(cases, "11.3.4", "with subprotocols that are all empty", GOOD.with(name, " , ,"), 400);
  }

  private static void requests(List<Case> cases) {
    String path = Request.PATH;
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "get")) {
      cases.add(
          before(
              "4.2.1",
              "the method " + method + " is answered 405, with the method that is allowed",
              target ->
                  target
                      .ask(GOOD.line(method + " " + path + " HTTP/1.1"))
                      .status(405)
                      .header("Allow", "GET")
                      .refused()));
    }
    refused(cases, "9110:7.8", "of HTTP/1.0", GOOD.line("GET " + path + " HTTP/1.0"), 426);
    refused(cases, "4.2.1", "without Host", GOOD.without("Host"), 400);
    refused(cases, "9112:3.2", "with two Hosts", GOOD.with("Host", "localhost"), 400);
    refused(cases, "9112:3.2", "with a Host that is none", GOOD.but("Host", "a b"), 400);
    refused(cases, "9112:3", "whose line has no version", GOOD.line("GET " + path), 400);
    refused(cases, "9110:15.6.6", "of HTTP/3.7", GOOD.line("GET " + path + " HTTP/3.7"), 505);
    refused(cases, "9112:5.1", "with a blank before a colon", GOOD.plus("X-Name : x"), 400);
    refused(cases, "9112:5.1", "with a header without a colon", GOOD.plus("X-Name"), 400);
    refused(cases, "9110:5.5", "with a NUL in a value", GOOD.with("X-Name", "a\0b"), 400);
    refused(cases, "4.2.2", "for a path that is none", GOOD.line("GET /raw/none HTTP/1.1"), 404);
    refused(cases, "10.2", "from a foreign page", GOOD.with("Origin", "https://evil.example"), 403);
    refused(
        cases,
        "4.2.2",
        "for a subprotocol that is not spoken",
        GOOD.with("Sec-WebSocket-Protocol", "chat"),
        400);
    refused(
        cases,
        "9110:15.5.15",
        "with a target of 20000 bytes",
        GOOD.line("GET " + path + "?" + "a".repeat(20_000) + " HTTP/1.1"),
        414);
    refused(
        cases,
        "6585:5",
        "with 40000 bytes of headers",
        GOOD.with("X-Big", "a".repeat(40_000)),
        431);
  }

  /** Section 4.1: a GET without a body; what would follow as one is frames. */
  private static void bodies(List<Case> cases) {
    refused(cases, "4.2.1", "with a body", GOOD.with("Content-Length", "5"), 400);
    refused(cases, "4.2.1", "with a chunked body", GOOD.with("Transfer-Encoding", "chunked"), 400);
    refused(cases, "9112:6.3", "with a length that is none", GOOD.with("Content-Length", "x"), 400);
    refused(
        cases,
        "9112:6.3",
        "with two different lengths",
        GOOD.with("Content-Length", "0").with("Content-Length", "5"),
        400);
  }

  private static void afterwards(List<Case> cases) {
    cases.add(
        before(
            "4.2.2",
            "frames behind a request that is refused are not answered",
            target -> {
              byte[] request = GOOD.without("Sec-WebSocket-Key").bytes();
              byte[] frame = text("a").bytes();
              byte[] both = java.util.Arrays.copyOf(request, request.length + frame.length);
              System.arraycopy(frame, 0, both, request.length, frame.length);
              Exchange.begin(target.connect()).send(both).status(400).refused();
            }));
    cases.add(
        before(
            "4.2.2",
            "a second request behind one that is refused is not answered",
            target -> {
              byte[] bytes =
                  (new String(
                              GOOD.without("Upgrade").bytes(),
                              java.nio.charset.StandardCharsets.US_ASCII)
                          + new String(GOOD.bytes(), java.nio.charset.StandardCharsets.US_ASCII))
                      .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
              Exchange.begin(target.connect()).send(bytes).status(426).refused();
            }));
  }

  private static void refused(
      List<Case> cases, String section, String name, Request request, int status) {
    cases.add(
        before(
            section,
            "a request " + name + " is answered " + status,
            target -> target.ask(request).status(status).refused()));
  }
}
