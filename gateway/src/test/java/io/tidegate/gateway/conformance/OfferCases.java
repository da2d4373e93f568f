package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.before;
import static io.tidegate.gateway.conformance.Frame.ascii;
import static io.tidegate.gateway.conformance.Frame.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** RFC 7692 sections 5 and 7.1 and RFC 6455 section 9.1: what is answered to which offer. */
final class OfferCases {
  private static final String HEADER = "Sec-WebSocket-Extensions";

  /** The node keeps no window between messages, of either side (7692 sections 7.1.1.1 and 2). */
  private static final String AGREED =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private static final String DECLINED = "";

  private OfferCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    offers("7692:7.1.1", takeovers(), cases);
    offers("7692:7.1.2.1", serverWindows(), cases);
    offers("7692:7.1.2.2", clientWindows(), cases);
    offers("7692:7.1", unacceptable(), cases);
    offers("7692:5.1", several(), cases);
    offers("9.1", spellings(), cases);
    refusals(cases);
    lines(cases);
    return cases;
  }

  private static Map<String, String> takeovers() {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("permessage-deflate", AGREED);
    table.put("permessage-deflate; server_no_context_takeover", AGREED);
    table.put("permessage-deflate; client_no_context_takeover", AGREED);
    table.put("permessage-deflate; client_no_context_takeover; server_no_context_takeover", AGREED);
    table.put("permessage-deflate; server_no_context_takeover=true", DECLINED);
    table.put("permessage-deflate; client_no_context_takeover=1", DECLINED);
    return table;
  }

  private static Map<String, String> serverWindows() {
    Map<String, String> table = new LinkedHashMap<>();
    for (int bits = 8; bits <= 15; bits++) {
      table.put(
          "permessage-deflate; server_max_window_bits=" + bits,
          AGREED + "; server_max_window_bits=" + bits);
    }
    table.put(
        "permessage-deflate; server_max_window_bits=12; client_max_window_bits",
        AGREED + "; server_max_window_bits=12");
    table.put(
        "permessage-deflate; server_max_window_bits=\"10\"",
        AGREED + "; server_max_window_bits=10");
    for (String value : List.of("7", "16", "0", "09", "-10", "1e1", "ten", "99999999999")) {
      table.put("permessage-deflate; server_max_window_bits=" + value, DECLINED);
    }
    table.put("permessage-deflate; server_max_window_bits", DECLINED);
    return table;
  }

  /** Any window of the client's fits, so the answer need not say one. */
  private static Map<String, String> clientWindows() {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("permessage-deflate; client_max_window_bits", AGREED);
    for (int bits : new int[] {8, 9, 15}) {
      table.put("permessage-deflate; client_max_window_bits=" + bits, AGREED);
    }
    table.put("permessage-deflate; client_max_window_bits=\"11\"", AGREED);
    for (String value : List.of("7", "16", "08", "x")) {
      table.put("permessage-deflate; client_max_window_bits=" + value, DECLINED);
    }
    return table;
  }

  private static Map<String, String> unacceptable() {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("permessage-deflate; unknown", DECLINED);
    table.put("permessage-deflate; unknown=1; server_no_context_takeover", DECLINED);
    table.put(
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover", DECLINED);
    table.put(
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover", DECLINED);
    table.put("permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", DECLINED);
    table.put("permessage-deflate; client_max_window_bits; client_max_window_bits=9", DECLINED);
    return table;
  }

  private static Map<String, String> several() {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("permessage-deflate; unknown, permessage-deflate", AGREED);
    table.put(
        "permessage-deflate; server_max_window_bits=7, permessage-deflate;"
            + " server_max_window_bits=9",
        AGREED + "; server_max_window_bits=9");
    table.put(
        "permessage-deflate; server_max_window_bits=10, permessage-deflate",
        AGREED + "; server_max_window_bits=10");
    table.put("permessage-deflate, permessage-deflate; server_max_window_bits=10", AGREED);
    table.put("x-webkit-deflate-frame, permessage-deflate", AGREED);
    table.put("permessage-foo; x=\"abc\", permessage-deflate", AGREED);
    table.put("x-webkit-deflate-frame", DECLINED);
    table.put("permessage-bzip2; server_max_window_bits=10", DECLINED);
    table.put("permessage-deflate-2", DECLINED);
    return table;
  }

  private static Map<String, String> spellings() {
    Map<String, String> table = new LinkedHashMap<>();
    table.put("permessage-deflate;server_no_context_takeover", AGREED);
    table.put("permessage-deflate ; \tserver_no_context_takeover", AGREED);
    table.put("permessage-foo,permessage-deflate", AGREED);
    table.put(", permessage-deflate ,", AGREED);
    return table;
  }

  private static void offers(String section, Map<String, String> table, List<Case> cases) {
    table.forEach(
        (offer, answer) ->
            cases.add(
                before(
                    section,
                    offer.replace("\t", "\\t")
                        + (answer.isEmpty()
                            ? " is declined"
                            : " is agreed to" + answer.substring(AGREED.length())),
                    target -> agree(target, Request.upgrade().with(HEADER, offer), answer))));
  }

  /** Whatever the answer, the connection is there. */
  private static void agree(Target target, Request request, String answer) throws Exception {
    Exchange exchange = target.ask(request).status(101);
    if (answer.isEmpty()) {
      exchange.noHeader(HEADER);
    } else {
      exchange.header(HEADER, answer);
    }
    try (Peer peer = exchange.upgraded()) {
      peer.send(text(ascii(1000))).hears(text(ascii(1000))).bye();
    }
  }

  /** Section 9.1: a value that is not of the header's form fails the connection. */
  private static void refusals(List<Case> cases) {
    for (String offer :
        List.of(
            "permessage-deflate;",
            "permessage-deflate; =10",
            "permessage-deflate; server_max_window_bits=",
            "permessage-deflate; server_max_window_bits=\"10",
            "permessage-foo; x=\"a,b;c\", permessage-deflate",
            "permessage-deflate server_no_context_takeover",
            "; permessage-deflate",
            "permessage@deflate")) {
      cases.add(
          before(
              "9.1",
              "the malformed offer '" + offer + "' is refused with 400",
              target -> target.ask(Request.upgrade().with(HEADER, offer)).status(400).refused()));
    }
  }

  private static void lines(List<Case> cases) {
    cases.add(
        before(
            "11.3.2",
            "offers in two header lines are read as one list",
            target ->
                agree(
                    target,
                    Request.upgrade()
                        .with(HEADER, "permessage-deflate; unknown")
                        .with(HEADER, "permessage-deflate; server_max_window_bits=11"),
                    AGREED + "; server_max_window_bits=11")));
    cases.add(
        before(
            "11.3.2",
            "without an offer there is no extension",
            target -> agree(target, Request.upgrade(), DECLINED)));
  }
}
