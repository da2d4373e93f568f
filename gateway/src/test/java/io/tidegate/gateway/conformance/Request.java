package io.tidegate.gateway.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A request as a client sends it, right or wrong. Immutable. */
record Request(String line, List<String> headers) {
  static final String PATH = "/raw/echo";

  /** RFC 6455 section 1.3. */
  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  Request {
    headers = List.copyOf(headers);
  }

  /** An upgrade as section 4.1 asks for it. */
  static Request upgrade() {
    return new Request(
        "GET " + PATH + " HTTP/1.1",
        List.of(
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: " + KEY,
            "Sec-WebSocket-Version: 13"));
  }

  Request line(String replaced) {
    return new Request(replaced, headers);
  }

  /** With another header at the end. */
  Request with(String name, String value) {
    return plus(name + ": " + value);
  }

  /** With another line at the end, whatever it is. */
  Request plus(String header) {
    return new Request(line, Stream.concat(headers.stream(), Stream.of(header)).toList());
  }

  /** Without any header of this name. */
  Request without(String name) {
    String start = name + ":";
    return new Request(
        line,
        headers.stream()
            .filter(header -> !header.regionMatches(true, 0, start, 0, start.length()))
            .toList());
  }

  /** With the header's value replaced, in its place. */
  Request but(String name, String value) {
    String start = name + ":";
    var replaced = new ArrayList<String>();
    for (String header : headers) {
      replaced.add(
          header.regionMatches(true, 0, start, 0, start.length()) ? name + ": " + value : header);
    }
    return new Request(line, replaced);
  }

  byte[] bytes() {
    return (line + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n").getBytes(ISO_8859_1);
  }
}
