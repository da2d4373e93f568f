package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidegate.gateway.wire.HeadScanner.Result;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request's head ends, whatever comes behind it and in whatever pieces. */
final class HeadScannerTest {
  private static final String BEHIND = "GET / HTTP/1.1\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\nHost: a\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        " \t\0\r\n\u0080GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\r\n\r\n",
        "GET / HTTP/1.1\r\na\r\n \r\n\r\n",
      })
  void theHeadEndsWithItsFirstEmptyLine(String head) {
    for (int piece = 1; piece <= head.length() + BEHIND.length(); piece++) {
      assertThat(endOf(head + BEHIND, piece)).isEqualTo(head.length());
    }
  }

  @Property
  void piecesMakeNoDifference(
      @ForAll @StringLength(max = 40) @CharRange(from = '\t', to = '\r') String bytes,
      @ForAll @IntRange(min = 1, max = 40) int piece) {
    String request = "G" + bytes + "x" + bytes;

    assertThat(endOf(request, piece)).isEqualTo(endOf(request, request.length()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1000})
  void whatIsTooLongIsToldApart(int piece) {
    String line = "GET /" + "a".repeat(84) + " HTTP/1.1\r\n";
    String fields = "a: " + "b".repeat(193) + "\r\n\r\n";

    assertThat(line.length()).isEqualTo(100);
    assertThat(fields.length()).isEqualTo(200);
    assertThat(scan(line + fields, piece)).isEqualTo(Result.COMPLETE);
    assertThat(scan("a" + line + fields, piece)).isEqualTo(Result.LINE_TOO_LONG);
    assertThat(scan("\n" + line + fields, piece)).isEqualTo(Result.LINE_TOO_LONG);
    assertThat(scan(line + "c" + fields, piece)).isEqualTo(Result.FIELDS_TOO_LONG);
    assertThat(scan(" ".repeat(101), piece)).isEqualTo(Result.LINE_TOO_LONG);
  }

  private static Result scan(String request, int piece) {
    var scanner = new HeadScanner(100, 200);
    Result result = Result.OPEN;
    for (int i = 0; result == Result.OPEN && i < request.length(); i += piece) {
      result = scanner.scan(part(request, i, piece));
    }
    return result;
  }

  /** Bytes up to the end of the head, or -1. */
  private static int endOf(String request, int piece) {
    var scanner = new HeadScanner(100, 200);
    for (int i = 0; i < request.length(); i += piece) {
      ByteBuf in = part(request, i, piece);
      if (scanner.scan(in) == Result.COMPLETE) {
        return i + scanner.headBytes(in);
      }
    }
    return -1;
  }

  private static ByteBuf part(String request, int from, int length) {
    String part = request.substring(from, Math.min(from + length, request.length()));
    // Not at index 0, as in the middle of a buffer that something was read from.
    ByteBuf in = Unpooled.copiedBuffer("before" + part, ISO_8859_1);
    return in.skipBytes("before".length());
  }
}
