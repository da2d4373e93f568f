package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tidegate.gateway.protocol.CloseCode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Any bytes after a 101. docs/contributing.md tells how to search for more of them. */
final class FrameDecoderFuzzTest {
  private static final int MAX_PAYLOAD = 1000;
  private static final int MAX_FRAGMENTS = 6;
  private static final int LARGE_PAYLOAD = 64 << 10;

  private static final Set<String> WRONG_INSIDE =
      Stream.of(CloseCode.INVALID_COMPRESSION, CloseCode.INVALID_DATA, CloseCode.MESSAGE_TOO_BIG)
          .map(Heard::violationOf)
          .collect(Collectors.toSet());

  private final Inflaters inflaters = new Inflaters();

  @FuzzTest
  void theSameBytesTellTheSameInAnyPieces(FuzzedDataProvider data) {
    Inflaters deflated = data.consumeBoolean() ? inflaters : null;
    long seed = data.consumeLong();
    byte[] bytes = data.consumeRemainingAsBytes();

    List<String> atOnce = heardAtLast(List.of(bytes), deflated);

    same(atOnce, heardAtLast(Pieces.of(bytes, seed), deflated));
    same(atOnce, heardAtLast(Pieces.bytewise(bytes), deflated));
  }

  /**
   * A compressed message may be wrong in several ways at once, and which of them is told then
   * depends on the pieces: zlib forgets what it inflated when it meets what is no DEFLATE data.
   */
  private static List<String> heardAtLast(List<byte[]> pieces, @Nullable Inflaters inflaters) {
    List<String> events = heard(pieces, inflaters);
    if (inflaters != null) {
      events.replaceAll(event -> WRONG_INSIDE.contains(event) ? "wrong inside" : event);
    }
    return events;
  }

  @FuzzTest
  void whatIsHeardIsWhatTheRfcSays(byte[] bytes) {
    same(ReferenceFrames.of(bytes, MAX_PAYLOAD, MAX_FRAGMENTS), heard(List.of(bytes), null));
  }

  @FuzzTest
  void whatACompressingClientSendsIsHeard(FuzzedDataProvider data) {
    var client = new CompressingClient(data, MAX_FRAGMENTS);
    for (int messages = data.consumeInt(1, 4); messages > 0; messages--) {
      byte[] message = data.consumeBytes(data.consumeInt(0, MAX_PAYLOAD / 2));
      boolean text = data.consumeBoolean();
      client.send(text ? new String(message, ISO_8859_1).getBytes(UTF_8) : message, text);
    }

    same(client.sent(), heard(Pieces.of(client.bytes(), data.consumeLong()), inflaters));
  }

  @FuzzTest
  void noMessageTakesMuchMoreMemoryThanItMayHave(byte[] bytes) {
    atMost(4L * LARGE_PAYLOAD, allocated(bytes, inflaters));
  }

  @FuzzTest
  void whatIsOnlyAnnouncedTakesNoMemory(byte[] bytes) {
    atMost(2048 + 6L * bytes.length, allocated(bytes, null));
  }

  private static long allocated(byte[] bytes, @Nullable Inflaters inflaters) {
    List<byte[]> pieces = Pieces.of(bytes, bytes.length);
    long first = Allocation.ofOneMessage(pieces, LARGE_PAYLOAD, MAX_FRAGMENTS, inflaters);
    long second = Allocation.ofOneMessage(pieces, LARGE_PAYLOAD, MAX_FRAGMENTS, inflaters);
    // Classes are loaded once.
    return Math.min(first, second);
  }

  private static void atMost(long most, long allocated) {
    if (allocated > most) {
      throw new AssertionError("bytes allocated: " + allocated + " (expected: <= " + most + ")");
    }
  }

  private static List<String> heard(List<byte[]> pieces, @Nullable Inflaters inflaters) {
    return Heard.of(pieces, MAX_PAYLOAD, MAX_FRAGMENTS, inflaters);
  }

  private static void same(List<String> expected, List<String> heard) {
    if (!expected.equals(heard)) {
      throw new AssertionError("expected: " + expected + "\nheard: " + heard);
    }
  }
}
