package io.tidegate.gateway.wire;

import static io.tidegate.gateway.testing.ClientFrames.BINARY;
import static io.tidegate.gateway.testing.ClientFrames.CONTINUATION;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.RSV1;
import static io.tidegate.gateway.testing.ClientFrames.RSV2;
import static io.tidegate.gateway.testing.ClientFrames.TEXT;
import static io.tidegate.gateway.testing.ClientFrames.deflate;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static io.tidegate.gateway.testing.ClientFrames.hex;
import static io.tidegate.gateway.testing.ClientFrames.ping;
import static io.tidegate.gateway.testing.ClientFrames.text;
import static io.tidegate.gateway.wire.Decoding.MAX_FRAGMENTS;
import static io.tidegate.gateway.wire.Decoding.MAX_PAYLOAD;
import static io.tidegate.gateway.wire.Decoding.deflating;
import static io.tidegate.gateway.wire.Decoding.inflated;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** permessage-deflate inbound (RFC 7692 sections 6 and 7.2). */
final class InflatingTest {
  private static final int DEFLATED = FIN | RSV1 | TEXT;

  /** "Hello", as the examples of section 7.2.3 have it. */
  private static final String HELLO = "f2 48 cd c9 c9 07 00";

  @ParameterizedTest
  @ValueSource(
      strings = {
        HELLO,
        "00 05 00 fa ff 48 65 6c 6c 6f 00", // 7.2.3.3: not compressed
        "f3 48 cd c9 c9 07 00 00", // 7.2.3.4: a final block, and the next one's header
        "f2 48 05 00 00 00 ff ff ca c9 c9 07 00", // 7.2.3.5: two blocks
        "f3 48 cd c9 c9 07 00" // a final block, and nothing behind it
      })
  void everyWayToWriteAMessageIsRead(String payload) {
    assertThat(inflated(frame(DEFLATED, hex(payload)), text("next")))
        .containsExactly("text Hello", "text next");
  }

  @Test
  void blocksAfterAFinalOneGoOn() {
    assertThat(inflated(frame(DEFLATED, hex("f3 48 cd c9 c9 07 00" + HELLO))))
        .containsExactly("text HelloHello");
    assertThat(
            inflated(
                frame(RSV1 | TEXT, hex("f3 48 cd c9 c9 07 00")),
                frame(FIN | CONTINUATION, hex(HELLO))))
        .containsExactly("text HelloHello");
  }

  @Test
  void finalBlocksOfAMessageAreBounded() {
    String most = "03 00".repeat(MAX_FRAGMENTS);
    assertThat(inflated(frame(DEFLATED, hex(most + HELLO)))).containsExactly("text Hello");
    assertThat(inflated(frame(DEFLATED, hex("03 00" + most + HELLO))))
        .containsExactly("violated 1008");
  }

  /** As zlib has it: the four bytes that the sender left out are what its last block announced. */
  @Test
  void blockMayBeCompletedByWhatIsAppended() {
    assertThat(inflated(frame(FIN | RSV1 | BINARY, hex("00 04 00 fb ff"))))
        .containsExactly("binary 0000ffff");
    assertThat(inflated(frame(FIN | RSV1 | BINARY, hex("00 03 00 fc ff"))))
        .containsExactly("violated 1007");
  }

  @Test
  void boundOfTheDecoderHoldsForWhatIsInflated() {
    var decoding = deflating(MAX_PAYLOAD, new Inflaters());
    decoding.decoder.maxPayload(4);
    assertThat(decoding.feed(frame(DEFLATED, hex(HELLO))).events).containsExactly("violated 1009");
  }

  @Test
  void fragmentsMayCutAnywhere() {
    byte[] payload = hex(HELLO);
    for (int cut = 0; cut <= payload.length; cut++) {
      assertThat(
              inflated(
                  frame(RSV1 | TEXT, Arrays.copyOf(payload, cut)),
                  ping(""),
                  frame(CONTINUATION, new byte[0]),
                  frame(FIN | CONTINUATION, Arrays.copyOfRange(payload, cut, payload.length))))
          .containsExactly("ping ", "text Hello");
    }
  }

  @Test
  void emptyMessagesAreRead() {
    assertThat(
            inflated(
                frame(DEFLATED, hex("00")),
                frame(FIN | RSV1 | BINARY, hex("02 00")),
                frame(DEFLATED, new byte[0])))
        .containsExactly("text ", "binary ", "text ");
  }

  @Test
  void compressedAndOtherMessagesAlternate() {
    assertThat(inflated(text("a"), frame(DEFLATED, hex(HELLO)), text("b"), ping("")))
        .containsExactly("text a", "text Hello", "text b", "ping ");
  }

  @Test
  void reservedBitsStayReserved() {
    assertThat(inflated(frame(FIN | RSV1 | 0x9, new byte[0]))).containsExactly("violated 1002");
    assertThat(inflated(frame(FIN | RSV2 | TEXT, new byte[0]))).containsExactly("violated 1002");
    assertThat(inflated(frame(RSV1 | TEXT, hex("f2")), frame(FIN | RSV1 | CONTINUATION, hex("48"))))
        .containsExactly("violated 1002");
    assertThat(inflated(frame(TEXT, hex("41")), frame(FIN | RSV1 | CONTINUATION, hex("41"))))
        .containsExactly("violated 1002");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "06", // a type of block that there is not
        "ff ff ff",
        "f2 48 cd", // within a block
        "00 05 00 fa ff 48", // within a block that is not compressed
        "00 05 00 00 00 48 65 6c 6c 6f 00", // of which the length is wrong
        "04 00 00", // without the codes that it needs
        "f3 48 cd c9 c9 07 00 ff" // rubbish behind a final block
      })
  void whatDoesNotInflateIsAViolation(String payload) {
    assertThat(inflated(text("a"), frame(DEFLATED, hex(payload)), text("b")))
        .containsExactly("text a", "violated 1007");
  }

  @Test
  void nothingIsTakenOverFromTheMessageBefore() {
    // A reference five bytes back, before the message's beginning.
    byte[] back = hex("f2 00 11 00 00");
    assertThat(inflated(frame(DEFLATED, hex(HELLO)), frame(DEFLATED, back)))
        .containsExactly("text Hello", "violated 1007");
  }

  @Test
  void textIsValidatedAsItInflates() {
    byte[] wrong = deflate(new byte[] {'x', (byte) 0xff, 'x'});
    assertThat(inflated(frame(DEFLATED, wrong))).containsExactly("violated 1007");
    assertThat(inflated(frame(FIN | RSV1 | BINARY, wrong))).containsExactly("binary 78ff78");
    assertThat(inflated(frame(DEFLATED, deflate(hex("78 ce"))))).containsExactly("violated 1007");
    // A flushed fragment is enough, whatever else is to come.
    byte[] flushed = Arrays.copyOf(wrong, wrong.length + 4);
    flushed[flushed.length - 2] = flushed[flushed.length - 1] = -1;
    assertThat(deflating(MAX_PAYLOAD, new Inflaters()).feed(frame(RSV1 | TEXT, flushed)).events)
        .containsExactly("violated 1007");
  }

  @Test
  void boundHoldsForWhatIsInflated() {
    byte[] most = deflate(new byte[MAX_PAYLOAD]);
    byte[] more = deflate(new byte[MAX_PAYLOAD + 1]);
    assertThat(inflated(frame(FIN | RSV1 | BINARY, most)))
        .containsExactly("binary " + MAX_PAYLOAD + " bytes");
    assertThat(inflated(frame(FIN | RSV1 | BINARY, more))).containsExactly("violated 1009");
    assertThat(
            inflated(
                frame(RSV1 | BINARY, Arrays.copyOf(more, 10)),
                frame(FIN | CONTINUATION, Arrays.copyOfRange(more, 10, more.length))))
        .containsExactly("violated 1009");
  }

  @Test
  void bombIsStoppedAtTheBound() {
    byte[] bomb = deflate(new byte[16 << 20]);
    var decoding = deflating(1 << 16, new Inflaters());
    decoding.feed(frame(FIN | RSV1 | BINARY, 16, bomb.length, Arrays.copyOf(bomb, 8_192)));
    assertThat(decoding.events).containsExactly("violated 1009");
    assertThat(decoding.inflaters.lent()).isZero();
  }

  @Test
  void messageThatDoesNotCompressMayBeAsLargeAsAnyOther() {
    byte[] noise = new byte[MAX_PAYLOAD];
    new Random(1).nextBytes(noise);
    byte[] payload = deflate(noise);
    assertThat(payload.length).isGreaterThan(MAX_PAYLOAD);
    assertThat(inflated(frame(FIN | RSV1 | BINARY, payload)))
        .containsExactly("binary " + MAX_PAYLOAD + " bytes");
    assertThat(inflated(frame(FIN | RSV1 | BINARY, 64, 2 * MAX_PAYLOAD, new byte[0])))
        .containsExactly("violated 1009");
  }

  @Test
  void moreMessagesThanInflatersAreKeptCompressedAndReadAllTheSame() {
    var inflaters = new Inflaters();
    List<Decoding> many = new ArrayList<>();
    for (int i = 0; i < Inflaters.MOST_PARTIAL + 3; i++) {
      many.add(deflating(MAX_PAYLOAD, inflaters).feed(frame(RSV1 | TEXT, hex("f2 48"))));
    }
    assertThat(inflaters.lent()).isEqualTo(Inflaters.MOST_PARTIAL);
    // One that is complete does not need to wait.
    assertThat(deflating(MAX_PAYLOAD, inflaters).feed(frame(DEFLATED, hex(HELLO))).events)
        .containsExactly("text Hello");
    for (Decoding each : many) {
      each.feed(frame(CONTINUATION, hex("cd c9")));
    }
    for (int i = many.size() - 1; i >= 0; i--) {
      many.get(i).feed(frame(FIN | CONTINUATION, hex("c9 07 00")));
      assertThat(many.get(i).events).containsExactly("text Hello");
    }
    assertThat(inflaters.lent()).isZero();
  }

  @Test
  void announcementAloneTakesNoInflater() {
    var decoding = deflating(MAX_PAYLOAD, new Inflaters());
    decoding.feed(frame(RSV1 | TEXT, 7, 100, new byte[0]));
    assertThat(decoding.inflaters.lent()).isZero();
    // 0xf2, masked with the first byte of the mask.
    decoding.feed((byte) (0xf2 ^ 0x37));
    assertThat(decoding.inflaters.lent()).isEqualTo(1);
  }

  @Test
  void connectionThatEndsGivesItsInflaterBack() {
    var decoding = deflating(MAX_PAYLOAD, new Inflaters()).feed(frame(RSV1 | TEXT, hex("f2")));
    assertThat(decoding.inflaters.lent()).isEqualTo(1);
    decoding.decoder.end();
    assertThat(decoding.inflaters.lent()).isZero();
    assertThat(deflating(MAX_PAYLOAD, decoding.inflaters).feed(frame(DEFLATED, hex(HELLO))).events)
        .containsExactly("text Hello");
  }
}
