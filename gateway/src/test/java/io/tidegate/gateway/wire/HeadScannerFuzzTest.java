package io.tidegate.gateway.wire;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.gateway.wire.HeadScanner.Result;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;

/** Any bytes as a request: where its head ends. */
final class HeadScannerFuzzTest {
  private static final int MAX_LINE = 200;
  private static final int MAX_FIELDS = 400;

  /** How a scan ended, and how many bytes the head has if it is complete. */
  private record Scan(Result result, int length) {}

  @FuzzTest
  void theEndIsTheSameInAnyPiecesAndNoLaterThanTheDecodersEnd(FuzzedDataProvider data) {
    long seed = data.consumeLong();
    byte[] bytes = data.consumeRemainingAsBytes();

    Scan scan = scan(List.of(bytes));

    check(scan.equals(scan(Pieces.of(bytes, seed))), "other end in pieces", scan, -1);
    check(scan.equals(scan(Pieces.bytewise(bytes))), "other end in pieces", scan, -1);
    int decoded = decoded(bytes);
    if (decoded >= 0) {
      check(scan.result != Result.OPEN, "the decoder has a head", scan, decoded);
      check(
          scan.result != Result.COMPLETE || scan.length <= decoded,
          "the decoder's head ends before",
          scan,
          decoded);
    }
  }

  private static Scan scan(List<byte[]> pieces) {
    var scanner = new HeadScanner(MAX_LINE, MAX_FIELDS);
    int before = 0;
    for (byte[] piece : pieces) {
      ByteBuf in = Unpooled.wrappedBuffer(piece);
      Result result = scanner.scan(in);
      if (result == Result.COMPLETE) {
        return new Scan(result, before + scanner.headBytes(in));
      } else if (result != Result.OPEN) {
        return new Scan(result, -1);
      }
      before += piece.length;
    }
    return new Scan(Result.OPEN, -1);
  }

  /** How many bytes it takes until Vert.x's decoder has a valid head; -1 for never. */
  private static int decoded(byte[] bytes) {
    var config =
        new Http1ServerConfig().setMaxInitialLineLength(MAX_LINE).setMaxHeaderSize(MAX_FIELDS);
    var channel = new EmbeddedChannel(new VertxHttpRequestDecoder(config));
    try {
      for (int i = 0; i < bytes.length; i++) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes, i, 1));
        Object message = channel.readInbound();
        if (message != null) {
          boolean head =
              message instanceof HttpRequest request && request.decoderResult().isSuccess();
          ReferenceCountUtil.release(message);
          return head ? i + 1 : -1;
        }
      }
      return -1;
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  private static void check(boolean holds, String problem, Scan scan, int decoded) {
    if (!holds) {
      throw new AssertionError(problem + ": " + scan + ", the decoder's: " + decoded);
    }
  }
}
