package io.tidegate.gateway.conformance;

import static io.tidegate.gateway.conformance.Case.deflating;
import static io.tidegate.gateway.conformance.Case.open;
import static io.tidegate.gateway.conformance.Frame.binary;
import static io.tidegate.gateway.conformance.Frame.close;
import static io.tidegate.gateway.conformance.Frame.ping;
import static io.tidegate.gateway.conformance.Frame.pong;
import static io.tidegate.gateway.conformance.Frame.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * RFC 7692: what the server sends where permessage-deflate is agreed on. That it can be inflated
 * without what came before, and lacks its last four bytes, is checked with each message of each
 * case.
 */
final class ServerDeflateCases {
  /** {@code listen.compression.threshold} of the node. */
  static final int THRESHOLD = 256;

  private ServerDeflateCases() {}

  static List<Case> all() {
    var cases = new ArrayList<Case>();
    threshold(cases);
    windows(cases);
    context(cases);
    content(cases);
    return cases;
  }

  private static void threshold(List<Case> cases) {
    cases.add(
        deflating(
            "7692:6",
            "a text at the threshold is sent compressed, and smaller",
            peer -> {
              byte[] content = Samples.json(THRESHOLD);
              Received echo = echo(peer, text(content));
              assertThat(echo.compressed()).as("compressed").isTrue();
              assertThat(echo.wire()).hasSizeLessThan(content.length);
            }));
    cases.add(
        deflating(
            "7692:6",
            "a binary message at the threshold is sent compressed",
            peer ->
                assertThat(echo(peer, binary(new byte[THRESHOLD])).compressed())
                    .as("compressed")
                    .isTrue()));
    cases.add(
        deflating(
            "7692:6",
            "a text below the threshold is sent as it is",
            peer ->
                assertThat(echo(peer, text(Samples.json(THRESHOLD - 1))).compressed())
                    .as("compressed")
                    .isFalse()));
    cases.add(
        deflating(
            "7692:6",
            "a small message that came compressed is sent back as it is",
            peer -> {
              peer.send(text(Deflated.of("small")).compressed());
              Received echo = peer.next();
              assertThat(echo.payload())
                  .isEqualTo("small".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
              assertThat(echo.compressed()).as("compressed").isFalse();
            }));
    cases.add(
        open(
            "7692:5",
            "without the extension nothing is sent compressed",
            peer ->
                assertThat(echo(peer, text(Samples.json(10_000))).compressed())
                    .as("compressed")
                    .isFalse()));
    cases.add(
        deflating(
            "7692:6",
            "pongs and close frames are not compressed",
            peer ->
                peer.send(ping("a".repeat(125)), close(1000))
                    .hears(pong("a".repeat(125)))
                    .closes(1000)));
  }

  /** Section 7.1.2.1: no distance in what the server sends is longer than the window. */
  private static void windows(List<Case> cases) {
    for (int bits = 8; bits <= 15; bits++) {
      int window = 1 << bits;
      String offer = "permessage-deflate; server_max_window_bits=" + bits;
      cases.add(
          deflating(
              "7692:7.1.2.1",
              "with %d bits no distance is above %d".formatted(bits, window),
              offer,
              peer -> {
                for (int length : new int[] {256, window, window + 1, 3 * window, 200_000}) {
                  assertThat(echo(peer, text(repeating(length, 250))).reach())
                      .as("distance in %d bytes", length)
                      .isLessThanOrEqualTo(window);
                  assertThat(echo(peer, binary(repeating(length, window + 1))).reach())
                      .as("distance in %d bytes that repeat beyond the window", length)
                      .isLessThanOrEqualTo(window);
                }
              }));
      cases.add(
          deflating(
              "7692:7.1.2.1",
              "with %d bits a message of %d bytes is still compressed".formatted(bits, window),
              offer,
              peer ->
                  assertThat(echo(peer, text(Samples.json(window))).compressed())
                      .as("compressed")
                      .isTrue()));
    }
  }

  /** Section 7.1.1.1: the server begins each message with an empty window. */
  private static void context(List<Case> cases) {
    cases.add(
        deflating(
            "7692:7.1.1.1",
            "the same message is the same bytes each time",
            peer -> {
              byte[] first = echo(peer, text(Samples.json(2000))).wire();
              Received other = echo(peer, text(Samples.noiseOfLetters(3000)));
              assertThat(other.payload()).hasSize(3000);
              assertThat(echo(peer, text(Samples.json(2000))).wire()).isEqualTo(first);
            }));
    cases.add(
        deflating(
            "7692:7.1.1.1",
            "where the client does not ask for it, each message stands for itself too",
            "permessage-deflate; client_max_window_bits",
            peer -> {
              for (int i = 0; i < 5; i++) {
                assertThat(echo(peer, text(Samples.json(5000))).reach()).isLessThan(5000);
              }
            }));
  }

  private static void content(List<Case> cases) {
    for (int length : new int[] {257, 1000, 8191, 8192, 8193, 32_768, 65_536, 128 << 10}) {
      cases.add(
          deflating(
              "7692:7.2.1",
              "a text of " + length + " bytes is sent compressed",
              peer ->
                  assertThat(echo(peer, text(Samples.json(length))).compressed())
                      .as("compressed")
                      .isTrue()));
    }
    for (int length : new int[] {(128 << 10) + 1, LengthCases.MOST}) {
      cases.add(
          deflating(
              "7692:6",
              "a text of " + length + " bytes would hold up the loop and comes as it is",
              peer ->
                  assertThat(echo(peer, text(Samples.json(length))).compressed())
                      .as("compressed")
                      .isFalse()));
    }
    for (int length : new int[] {256, 1000, 65_536, LengthCases.MOST}) {
      cases.add(
          deflating(
              "7692:7.2.1",
              "noise of " + length + " bytes comes back whole",
              peer -> assertThat(echo(peer, binary(Samples.noise(length)))).isNotNull()));
    }
    cases.add(
        deflating(
            "7692:7.2.1",
            "messages of many kinds and lengths in one segment come back whole and in order",
            peer -> {
              Frame[] frames = new Frame[60];
              for (int i = 0; i < frames.length; i++) {
                frames[i] =
                    switch (i % 3) {
                      case 0 -> text(Samples.json(i * 37));
                      case 1 -> binary(Samples.noise(i * 29));
                      default -> binary(new byte[i * 41]);
                    };
              }
              peer.send(frames);
              for (Frame frame : frames) {
                peer.hears(frame);
              }
            }));
  }

  private static Received echo(Peer peer, Frame message) throws Exception {
    Received echo = peer.send(message).next();
    assertThat(echo.opcode()).as("opcode").isEqualTo(message.opcode());
    assertThat(java.util.Arrays.equals(echo.payload(), message.payload()))
        .as("payload of %d bytes comes back", message.payload().length)
        .isTrue();
    return echo;
  }

  /** ASCII noise that repeats after so many bytes. */
  private static byte[] repeating(int length, int period) {
    byte[] noise = Samples.noiseOfLetters(period);
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      result[i] = noise[i % period];
    }
    return result;
  }
}
