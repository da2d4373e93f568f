package io.tidegate.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One thing that a server has to do.
 *
 * @param section of RFC 6455 that says so; of another one with its number in front, as in {@code
 *     7692:7.2.1}
 * @param text what is done, and what follows
 */
record Case(String section, String text, Script script) {
  /** What the client does and has to see. */
  interface Script {
    void play(Target target) throws Exception;
  }

  /** What happens on one connection. */
  interface Talk {
    void with(Peer peer) throws Exception;
  }

  /** A case that begins with the upgrade. */
  static Case before(String section, String text, Script script) {
    return new Case(section, text, script);
  }

  /** A case on a connection without extensions. */
  static Case open(String section, String text, Talk talk) {
    return upgraded(section, text, Request.upgrade(), false, talk);
  }

  /** A case on a connection with permessage-deflate. */
  static Case deflating(String section, String text, Talk talk) {
    return deflating(section, text, "permessage-deflate", talk);
  }

  static Case deflating(String section, String text, String offer, Talk talk) {
    Request request = Request.upgrade().with("Sec-WebSocket-Extensions", offer);
    return upgraded(section, text, request, true, talk);
  }

  /** Where the talk leaves the connection open, it has to close as it should, with nothing left. */
  private static Case upgraded(
      String section, String text, Request request, boolean deflate, Talk talk) {
    return new Case(
        section,
        text,
        target -> {
          try (Peer peer = target.open(request)) {
            assertThat(peer.deflates()).as("permessage-deflate is agreed on").isEqualTo(deflate);
            talk.with(peer);
            peer.bye();
          }
        });
  }

  String name() {
    return section + " " + text;
  }
}
