package io.tidegate.gateway.wire;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import io.tidegate.gateway.testing.ClientFrames;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/**
 * A client that keeps to RFC 6455 and RFC 7692, and otherwise makes its frames in every way that
 * they leave open: {@code choices} chooses.
 */
final class CompressingClient {
  private static final byte[] EMPTY_BLOCK = {0, 0, -1, -1};

  private final FuzzedDataProvider choices;
  private final int maxFragments;
  private final ByteArrayOutputStream frames = new ByteArrayOutputStream();
  private final List<String> sent = new ArrayList<>();

  CompressingClient(FuzzedDataProvider choices, int maxFragments) {
    this.choices = choices;
    this.maxFragments = maxFragments;
  }

  /** Sends a message, compressed or not, in some fragments with some pings between them. */
  void send(byte[] message, boolean text) {
    boolean compressed = choices.consumeBoolean();
    byte[] payload = compressed ? deflate(message) : message;
    int opcode =
        (text ? ClientFrames.TEXT : ClientFrames.BINARY) | (compressed ? ClientFrames.RSV1 : 0);
    int from = 0;
    for (int left = choices.consumeInt(1, maxFragments); left > 0; left--) {
      int to = left == 1 ? payload.length : choices.consumeInt(from, payload.length);
      byte[] part = Arrays.copyOfRange(payload, from, to);
      frames.writeBytes(ClientFrames.frame(opcode | (left == 1 ? ClientFrames.FIN : 0), part));
      opcode = ClientFrames.CONTINUATION;
      from = to;
      if (left > 1 && choices.consumeBoolean()) {
        byte[] ping = choices.consumeBytes(8);
        frames.writeBytes(ClientFrames.frame(ClientFrames.FIN | ClientFrames.PING, ping));
        sent.add(Heard.pingOf(ping));
      }
    }
    sent.add(Heard.messageOf(message, text));
  }

  /** What is to be {@link Heard}. */
  List<String> sent() {
    return sent;
  }

  byte[] bytes() {
    return frames.toByteArray();
  }

  private byte[] deflate(byte[] message) {
    var deflater = new Deflater(choices.consumeInt(0, 9), true);
    try {
      deflater.setStrategy(choices.consumeInt(Deflater.DEFAULT_STRATEGY, Deflater.HUFFMAN_ONLY));
      var out = new ByteArrayOutputStream();
      // By itself, since the first call sets the strategy and may do nothing more.
      drain(deflater, Deflater.NO_FLUSH, out);
      int cut = choices.consumeInt(0, message.length);
      deflater.setInput(message, 0, cut);
      int flush = choices.pickValue(new int[] {0, Deflater.SYNC_FLUSH, Deflater.FULL_FLUSH});
      drain(deflater, flush, out);
      deflater.setInput(message, cut, message.length - cut);
      if (choices.consumeBoolean()) {
        // Section 7.2.3.4: a final block, and then one byte of an empty block.
        deflater.finish();
        drain(deflater, Deflater.NO_FLUSH, out);
        if (!deflater.finished()) {
          throw new IllegalStateException("not finished");
        }
        out.write(0);
        return out.toByteArray();
      }
      drain(deflater, Deflater.SYNC_FLUSH, out);
      byte[] all = out.toByteArray();
      int end = all.length - EMPTY_BLOCK.length;
      if (!Arrays.equals(all, end, all.length, EMPTY_BLOCK, 0, EMPTY_BLOCK.length)) {
        throw new IllegalStateException("not flushed");
      }
      return Arrays.copyOf(all, end);
    } finally {
      deflater.end();
    }
  }

  private static void drain(Deflater deflater, int flush, ByteArrayOutputStream out) {
    byte[] buffer = new byte[4096];
    int n;
    do {
      n = deflater.deflate(buffer, 0, buffer.length, flush);
      out.write(buffer, 0, n);
    } while (n > 0);
  }
}
