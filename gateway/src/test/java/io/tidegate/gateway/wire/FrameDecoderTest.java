package io.tidegate.gateway.wire;

import static io.tidegate.gateway.testing.ClientFrames.BINARY;
import static io.tidegate.gateway.testing.ClientFrames.CLOSE;
import static io.tidegate.gateway.testing.ClientFrames.CONTINUATION;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.PING;
import static io.tidegate.gateway.testing.ClientFrames.PONG;
import static io.tidegate.gateway.testing.ClientFrames.RSV1;
import static io.tidegate.gateway.testing.ClientFrames.RSV2;
import static io.tidegate.gateway.testing.ClientFrames.RSV3;
import static io.tidegate.gateway.testing.ClientFrames.TEXT;
import static io.tidegate.gateway.testing.ClientFrames.binary;
import static io.tidegate.gateway.testing.ClientFrames.close;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static io.tidegate.gateway.testing.ClientFrames.hex;
import static io.tidegate.gateway.testing.ClientFrames.ping;
import static io.tidegate.gateway.testing.ClientFrames.text;
import static io.tidegate.gateway.testing.ClientFrames.unmasked;
import static io.tidegate.gateway.wire.Decoding.MAX_FRAGMENTS;
import static io.tidegate.gateway.wire.Decoding.MAX_PAYLOAD;
import static io.tidegate.gateway.wire.Decoding.events;
import static io.tidegate.gateway.wire.Decoding.plain;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 section 5, without text and close frames, which have a test each. */
final class FrameDecoderTest {
  private static final byte[] NONE = new byte[0];
  private static final byte[] ONE = {1};

  @Test
  void messagesArriveInOrder() {
    assertThat(events(text("Hello"), binary(ONE), text(""), binary(NONE)))
        .containsExactly("text Hello", "binary 01", "text ", "binary ");
  }

  @ParameterizedTest
  @ValueSource(ints = {125, 126, 127, 65_535, 65_536, MAX_PAYLOAD})
  void everyFormOfTheLengthIsRead(int length) {
    String payload = "x".repeat(length);
    assertThat(events(text(payload), text("y"))).containsExactly("text " + payload, "text y");
  }

  @Test
  void fragmentsAreOneMessage() {
    assertThat(
            events(
                frame(TEXT, "He".getBytes(UTF_8)),
                frame(CONTINUATION, NONE),
                frame(FIN | CONTINUATION, "llo".getBytes(UTF_8)),
                frame(BINARY, NONE),
                frame(FIN | CONTINUATION, ONE)))
        .containsExactly("text Hello", "binary 01");
  }

  @Test
  void controlFramesComeBetweenFragments() {
    assertThat(
            events(
                frame(TEXT, "He".getBytes(UTF_8)),
                ping("a"),
                frame(CONTINUATION, "l".getBytes(UTF_8)),
                frame(FIN | PONG, NONE),
                frame(FIN | CONTINUATION, "lo".getBytes(UTF_8))))
        .containsExactly("ping 61", "pong ", "text Hello");
  }

  @Test
  void frameWithoutMaskIsAViolation() {
    assertThat(events(text("a"), unmasked(FIN | TEXT, ONE), text("b")))
        .containsExactly("text a", "violated 1002");
  }

  @ParameterizedTest
  @ValueSource(ints = {RSV1, RSV2, RSV3, RSV1 | RSV2 | RSV3})
  void reservedBitsAreAViolation(int bits) {
    assertThat(events(text("a"), frame(FIN | bits | TEXT, NONE)))
        .containsExactly("text a", "violated 1002");
    assertThat(events(frame(FIN | bits | PING, NONE))).containsExactly("violated 1002");
    assertThat(events(frame(FIN | bits | CLOSE, NONE))).containsExactly("violated 1002");
    assertThat(events(frame(TEXT, NONE), frame(FIN | bits | CONTINUATION, NONE)))
        .containsExactly("violated 1002");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
  void reservedOpcodesAreAViolation(int opcode) {
    assertThat(events(text("a"), frame(FIN | opcode, NONE)))
        .containsExactly("text a", "violated 1002");
    assertThat(plain().feed((byte) (FIN | opcode)).events).containsExactly("violated 1002");
  }

  @ParameterizedTest
  @ValueSource(ints = {CLOSE, PING, PONG})
  void fragmentedControlFrameIsAViolation(int opcode) {
    assertThat(events(text("a"), frame(opcode, NONE))).containsExactly("text a", "violated 1002");
  }

  @Test
  void controlFramesHaveAtMost125Bytes() {
    assertThat(events(ping("x".repeat(125)))).containsExactly("ping 125 bytes");
    assertThat(events(ping("x".repeat(126)))).containsExactly("violated 1002");
    assertThat(events(frame(FIN | CLOSE, new byte[126]))).containsExactly("violated 1002");
    assertThat(events(frame(FIN | PONG, 64, 1L << 40, NONE))).containsExactly("violated 1002");
  }

  @Test
  void lengthInMoreBytesThanItNeedsIsAViolation() {
    assertThat(events(frame(FIN | BINARY, 16, 125, new byte[125])))
        .containsExactly("violated 1002");
    assertThat(events(frame(FIN | BINARY, 16, 0, NONE))).containsExactly("violated 1002");
    assertThat(events(frame(FIN | BINARY, 64, 65_535, NONE))).containsExactly("violated 1002");
    assertThat(events(frame(FIN | BINARY, 64, 1, ONE))).containsExactly("violated 1002");
    assertThat(events(frame(FIN | PING, 16, 1, ONE))).containsExactly("violated 1002");
  }

  @Test
  void topBitOfALengthIsAViolation() {
    assertThat(events(frame(FIN | BINARY, 64, Long.MIN_VALUE, NONE)))
        .containsExactly("violated 1002");
    assertThat(plain().feed(hex("82 ff 80")).events).containsExactly("violated 1002");
  }

  @Test
  void continuationOfNothingIsAViolation() {
    assertThat(events(frame(FIN | CONTINUATION, ONE))).containsExactly("violated 1002");
    assertThat(events(frame(CONTINUATION, ONE))).containsExactly("violated 1002");
    assertThat(events(text("a"), frame(FIN | CONTINUATION, NONE)))
        .containsExactly("text a", "violated 1002");
  }

  @Test
  void newMessageWithinAMessageIsAViolation() {
    assertThat(events(frame(TEXT, ONE), text("b"))).containsExactly("violated 1002");
    assertThat(events(frame(TEXT, NONE), frame(BINARY, NONE))).containsExactly("violated 1002");
    assertThat(events(frame(TEXT, NONE), frame(FIN | CONTINUATION, NONE), frame(TEXT, NONE)))
        .containsExactly("text ");
  }

  @Test
  void announcedLengthAboveTheBoundIsRefusedBeforeThePayload() {
    byte[] head = frame(FIN | BINARY, 64, MAX_PAYLOAD + 1, NONE);
    assertThat(events(text("a"), head)).containsExactly("text a", "violated 1009");
    assertThat(events(frame(FIN | BINARY, 64, Long.MAX_VALUE, NONE)))
        .containsExactly("violated 1009");
  }

  @Test
  void boundHoldsForTheSumOfFragments() {
    byte[] most = frame(BINARY, new byte[MAX_PAYLOAD]);
    assertThat(events(most, frame(FIN | CONTINUATION, NONE)))
        .containsExactly("binary " + MAX_PAYLOAD + " bytes");
    assertThat(events(most, frame(FIN | CONTINUATION, ONE))).containsExactly("violated 1009");
    assertThat(events(most, frame(FIN | CONTINUATION, 7, 1, NONE)))
        .containsExactly("violated 1009");
  }

  @Test
  void fragmentsOfAMessageAreBounded() {
    var frames = new ArrayList<byte[]>();
    frames.add(frame(BINARY, ONE));
    for (int i = 1; i < MAX_FRAGMENTS; i++) {
      frames.add(frame(CONTINUATION, NONE));
    }
    frames.add(frame(FIN | CONTINUATION, ONE));
    assertThat(events(frames.toArray(byte[][]::new))).containsExactly("violated 1008");
    frames.remove(1);
    assertThat(events(frames.toArray(byte[][]::new))).containsExactly("binary 0101");
  }

  @Test
  void memoryFollowsWhatArrivedAndNotWhatWasAnnounced() {
    byte[] beginning = frame(FIN | BINARY, 64, 1 << 30, new byte[100_000]);
    List<byte[]> pieces = List.of(beginning, new byte[300_000]);
    assertThat(Allocation.ofOneMessage(pieces, 1 << 30, MAX_FRAGMENTS, null))
        .isBetween(400_000L, 1_000_000L);
  }

  @Test
  void boundOfAMessageIsThatOfItsBeginning() {
    var decoding = plain();
    decoding.decoder.maxPayload(3);
    decoding.feed(frame(TEXT, hex("61 61")));
    decoding.decoder.maxPayload(4);
    decoding.feed(frame(FIN | CONTINUATION, hex("61"))).feed(text("bbbb"));
    assertThat(decoding.feed(frame(FIN | TEXT, 7, 5, NONE)).events)
        .containsExactly("text aaa", "text bbbb", "violated 1009");
  }

  @Test
  void nothingIsReadAfterTheEnd() {
    var decoding = plain();
    decoding.feed(frame(TEXT, ONE));
    decoding.decoder.end();
    decoding.feed(frame(FIN | CONTINUATION, ONE)).feed(text("b"));
    assertThat(decoding.events).isEmpty();
  }

  @Test
  void firstViolationIsTheLastEvent() {
    assertThat(events(unmasked(FIN | TEXT, ONE), unmasked(FIN | TEXT, ONE), close()))
        .isEqualTo(List.of("violated 1002"));
  }
}
