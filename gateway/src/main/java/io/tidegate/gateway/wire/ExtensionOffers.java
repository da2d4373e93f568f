package io.tidegate.gateway.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code Sec-WebSocket-Extensions} (RFC 6455 section 9.1). */
final class ExtensionOffers {
  private final String text;
  private int at;

  /**
   * One extension that is offered.
   *
   * @param parameters in their order; one without a value has an empty one
   * @param repeats whether a parameter was given twice
   */
  record Offer(String name, Map<String, String> parameters, boolean repeats) {}

  private ExtensionOffers(String text) {
    this.text = text;
  }

  /**
   * The offers of all headers together, in the client's order of preference.
   *
   * @throws IllegalArgumentException where a header is malformed
   */
  static List<Offer> parse(List<String> headers) {
    // Section 9.1: split over several headers it means the same.
    return headers.isEmpty() ? List.of() : new ExtensionOffers(String.join(",", headers)).offers();
  }

  private List<Offer> offers() {
    List<Offer> offers = new ArrayList<>();
    do {
      // RFC 2616 section 2.1: elements of a list may be empty, if only one is not.
      if (!atEnd() && peek() != ',') {
        offers.add(offer());
      }
    } while (skip(','));
    if (!atEnd() || offers.isEmpty()) {
      throw malformed();
    }
    return offers;
  }

  private Offer offer() {
    String name = token();
    Map<String, String> parameters = new LinkedHashMap<>();
    boolean repeats = false;
    while (skip(';')) {
      String parameter = token();
      String value = skip('=') ? value() : "";
      repeats |= parameters.put(parameter, value) != null;
    }
    return new Offer(name, parameters, repeats);
  }

  private String value() {
    return skip('"') ? quoted() : token();
  }

  /** Within quotes as without, a value is a token. */
  private String quoted() {
    var value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      if (at == text.length() || !isToken(text.charAt(at))) {
        throw malformed();
      }
      value.append(text.charAt(at++));
    }
    if (value.isEmpty() || !skip('"')) {
      throw malformed();
    }
    return value.toString();
  }

  private String token() {
    skipBlanks();
    int from = at;
    while (at < text.length() && isToken(text.charAt(at))) {
      at++;
    }
    if (at == from) {
      throw malformed();
    }
    return text.substring(from, at);
  }

  /** RFC 2616 section 2.2. */
  private static boolean isToken(char c) {
    return c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
  }

  private boolean skip(char wanted) {
    if (atEnd() || peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private char peek() {
    return text.charAt(at);
  }

  private boolean atEnd() {
    skipBlanks();
    return at == text.length();
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "Sec-WebSocket-Extensions: malformed at " + at + " (expected: a list of extensions)");
  }
}
