package io.tidegate.gateway.wire;

import static io.tidegate.gateway.testing.ClientFrames.CONTINUATION;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.RSV1;
import static io.tidegate.gateway.testing.ClientFrames.TEXT;
import static io.tidegate.gateway.testing.ClientFrames.deflate;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.testing.ClientFrames;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** However the bytes are cut, and whatever they are. */
final class DecoderPropertiesTest {
  private static final int MAX_PAYLOAD = 1_000;

  @Property
  void cutsChangeNothing(
      @ForAll("streams") List<byte[]> frames, @ForAll long seed, @ForAll boolean deflate) {
    byte[] bytes = ClientFrames.join(frames.toArray(byte[][]::new));
    Decoding whole = decoding(deflate).feed(bytes);
    Decoding cut = decoding(deflate);
    var random = new Random(seed);
    for (int at = 0; at < bytes.length; ) {
      int end = Math.min(bytes.length, at + 1 + random.nextInt(1 + random.nextInt(300)));
      cut.feed(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    assertThat(cut.events).isEqualTo(whole.events);
  }

  @Property
  void rubbishIsReadOrRefusedAndNeverThrows(
      @ForAll @Size(max = 400) byte[] rubbish, @ForAll boolean deflate) {
    Decoding whole = decoding(deflate);
    Decoding slow = decoding(deflate);
    List<String> events = Decoding.bothWays(whole, slow, rubbish);
    for (String event : events.subList(0, Math.max(0, events.size() - 1))) {
      assertThat(event).doesNotStartWith("violated").doesNotStartWith("closed");
    }
    // It may end in the middle of a compressed message.
    whole.decoder.end();
    slow.decoder.end();
    assertThat(whole.lent() + slow.lent()).isZero();
  }

  @Property
  void textIsTakenIfAndOnlyIfTheJdkTakesItToo(@ForAll("nearlyTexts") byte[] bytes) {
    String expected;
    try {
      CharBuffer text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      expected = "text " + text;
    } catch (CharacterCodingException e) {
      expected = "violated 1007";
    }
    assertThat(Decoding.events(frame(FIN | TEXT, bytes))).containsExactly(expected);
  }

  @Property
  void compressedMessagesArriveAsTheyWere(@ForAll @Size(max = 900) byte[] payload) {
    Decoding decoding = decoding(true).feed(frame(FIN | RSV1 | 0x2, deflate(payload)));
    assertThat(decoding.events).isEqualTo(decoding(false).feed(frame(FIN | 0x2, payload)).events);
  }

  @Provide
  Arbitrary<List<byte[]>> streams() {
    return frames().list().ofMaxSize(8);
  }

  /** Frames that may follow each other, mostly. */
  private Arbitrary<byte[]> frames() {
    Arbitrary<Integer> firsts =
        Arbitraries.frequencyOf(
            Tuple.of(12, Arbitraries.of(0x81, 0x82, 0x89, 0x8a, 0xc1, 0xc2)),
            Tuple.of(2, Arbitraries.of(0x01, 0x02, 0x41, 0x42)),
            Tuple.of(6, Arbitraries.of(CONTINUATION, FIN | CONTINUATION)),
            Tuple.of(1, Arbitraries.of(0x88, 0xa1, 0x83, 0x09, 0xc0)));
    return Combinators.combine(firsts, payloads(), Arbitraries.integers().between(0, 40))
        .as(DecoderPropertiesTest::framed);
  }

  private static byte[] framed(int first, byte[] payload, int oddity) {
    byte[] content = (first & RSV1) == 0 ? payload : deflate(payload);
    return switch (oddity) {
      case 0 -> frame(first, 16, content.length, content);
      case 1 -> ClientFrames.unmasked(first, content);
      default -> frame(first, content);
    };
  }

  private static Arbitrary<byte[]> payloads() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(300).map(s -> s.getBytes(UTF_8)),
        Arbitraries.bytes().array(byte[].class).ofMaxSize(130),
        Arbitraries.just(new byte[MAX_PAYLOAD]),
        Arbitraries.just(new byte[0]));
  }

  @Provide
  Arbitrary<byte[]> nearlyTexts() {
    Arbitrary<byte[]> pieces =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(12).map(s -> s.getBytes(UTF_8)),
            Arbitraries.strings().ascii().ofMaxLength(20).map(s -> s.getBytes(UTF_8)),
            Arbitraries.of("c2", "e0a0", "ed9f", "f090", "f48f", "80", "bf", "a0", "f4")
                .map(ClientFrames::hex));
    return pieces.list().ofMaxSize(6).map(list -> ClientFrames.join(list.toArray(byte[][]::new)));
  }

  private static Decoding decoding(boolean deflate) {
    return deflate ? Decoding.deflating(MAX_PAYLOAD, new Inflaters()) : Decoding.plain(MAX_PAYLOAD);
  }
}
