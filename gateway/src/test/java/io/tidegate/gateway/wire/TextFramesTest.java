package io.tidegate.gateway.wire;

import static io.tidegate.gateway.testing.ClientFrames.CLOSE;
import static io.tidegate.gateway.testing.ClientFrames.CONTINUATION;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.TEXT;
import static io.tidegate.gateway.testing.ClientFrames.binary;
import static io.tidegate.gateway.testing.ClientFrames.close;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static io.tidegate.gateway.testing.ClientFrames.hex;
import static io.tidegate.gateway.testing.ClientFrames.ping;
import static io.tidegate.gateway.testing.ClientFrames.text;
import static io.tidegate.gateway.wire.Decoding.events;
import static io.tidegate.gateway.wire.Decoding.plain;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text (RFC 6455 sections 5.6 and 8.1) and close frames (5.5.1 and 7.4). */
final class TextFramesTest {
  /** A character of each length, and the last of each before the next begins. */
  private static final String GOOD = "κόσμε \u007f \u07ff \ud7ff \uffff \ud83c\udf0a \udbff\udfff";

  @Test
  void textIsValidatedAndBinaryIsNot() {
    assertThat(events(text(GOOD))).containsExactly("text " + GOOD);
    assertThat(events(binary(hex("ff")))).containsExactly("binary ff");
    assertThat(events(text("a"), frame(FIN | TEXT, hex("ff")), text("b")))
        .containsExactly("text a", "violated 1007");
  }

  @Test
  void charactersMayBeTornByFragmentsAnywhere() {
    byte[] bytes = GOOD.getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(
              events(
                  frame(TEXT, Arrays.copyOf(bytes, cut)),
                  ping(""),
                  frame(FIN | CONTINUATION, Arrays.copyOfRange(bytes, cut, bytes.length))))
          .containsExactly("ping ", "text " + GOOD);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", // a continuation without a beginning
        "c0 80", // overlong, of two, three and four bytes
        "c1 bf",
        "e0 9f bf",
        "f0 8f bf bf",
        "ed a0 80", // surrogates
        "ed bf bf",
        "f4 90 80 80", // above U+10FFFF
        "f5 80 80 80",
        "ff",
        "ce 41", // something else where a continuation has to be
        "e2 82 41",
        "f0 9f 8c 41"
      })
  void wrongBytesFailAtOnce(String wrong) {
    byte[] bytes = hex("78 78 " + wrong + " 78");
    assertThat(events(frame(FIN | TEXT, bytes))).containsExactly("violated 1007");
    // Within a frame of which most is still to come, in a later fragment, and as the last byte.
    int end = bytes.length - 1;
    assertThat(plain().feed(frame(FIN | TEXT, 16, 1_000, Arrays.copyOf(bytes, end))).events)
        .containsExactly("violated 1007");
    assertThat(events(frame(TEXT, hex("78")), frame(CONTINUATION, Arrays.copyOf(bytes, end))))
        .containsExactly("violated 1007");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce", "e2", "e2 82", "f0 9f 8c", "78 78 78 78 78 78 78 ce"})
  void textThatEndsWithinACharacterIsAViolation(String cut) {
    byte[] bytes = hex(cut);
    assertThat(events(frame(FIN | TEXT, bytes))).containsExactly("violated 1007");
    assertThat(events(frame(TEXT, bytes))).isEmpty();
    assertThat(events(frame(TEXT, bytes), frame(FIN | CONTINUATION, new byte[0])))
        .containsExactly("violated 1007");
  }

  @Test
  void byteThatNoTextMayHaveFailsBeforeTheNextOneArrives() {
    var decoding = plain();
    decoding.feed(frame(TEXT, 16, 1_000, hex("ce ba f4")));
    assertThat(decoding.events).isEmpty();
    // 0x90, masked with the fourth byte of the mask.
    decoding.feed((byte) (0x90 ^ 0x3d));
    assertThat(decoding.events).containsExactly("violated 1007");
  }

  @Test
  void closeFramesTellTheirCode() {
    assertThat(events(close())).containsExactly("closed 1005");
    assertThat(events(close(1000, ""))).containsExactly("closed 1000");
    assertThat(events(text("a"), close(4999, "κόσμε"), text("b")))
        .containsExactly("text a", "closed 4999");
    assertThat(events(close(1001, "x".repeat(123)))).containsExactly("closed 1001");
  }

  @Test
  void closeWithinAMessageEndsIt() {
    var decoding = plain().feed(frame(TEXT, hex("41"))).feed(close(1001, ""));
    assertThat(decoding.events).containsExactly("closed 1001");
    assertThat(decoding.feed(text("b")).events).hasSize(1);
  }

  @Test
  void closeFrameOfOneByteIsAViolation() {
    assertThat(events(frame(FIN | CLOSE, hex("03")))).containsExactly("violated 1002");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 9999, 65_535})
  void codesThatMayNotBeSentAreAViolation(int code) {
    assertThat(events(close(code, ""))).containsExactly("violated 1002");
    assertThat(events(close(code, "because"))).containsExactly("violated 1002");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
        4999
      })
  void codesThatMayBeSentAreTaken(int code) {
    assertThat(events(close(code, "because"))).containsExactly("closed " + code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "ce", "61 ce 61", "ed a0 80"})
  void reasonThatIsNoTextIsAViolation(String reason) {
    assertThat(events(frame(FIN | CLOSE, hex("03 e8" + reason)))).containsExactly("violated 1007");
  }
}
