package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.testing.ClientFrames;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one message of a client costs to read: unmasked, validated, copied out. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameDecoderBenchmark {
  /** Messages as clients send them. */
  public enum Message {
    /** 128 bytes. */
    SMALL_TEXT,
    /** 64 KiB. */
    LARGE_TEXT,
    /** 64 KiB. */
    LARGE_BINARY,
    /** 64 KiB of which most characters have several bytes. */
    UTF_8_TEXT,
    /** 64 KiB in 16 frames. */
    FRAGMENTED_TEXT,
    /** 64 KiB that come in pieces of 1,448 bytes, a segment each. */
    SEGMENTED_TEXT,
    /** 64 KiB of JSON, inflated. */
    DEFLATED_TEXT
  }

  private static final int LARGE = 64 << 10;
  private static final int SEGMENT = 1448;

  @Param public Message message = Message.SMALL_TEXT;

  private ByteBuf[] pieces = {};
  private FrameDecoder decoder = decoder(new Counter());
  private final Counter counter = new Counter();

  @Setup(Level.Trial)
  public void setUp() {
    byte[] bytes = bytes(message);
    int size = message == Message.SEGMENTED_TEXT ? SEGMENT : bytes.length;
    pieces = new ByteBuf[(bytes.length + size - 1) / size];
    for (int i = 0; i < pieces.length; i++) {
      int to = Math.min(bytes.length, (i + 1) * size);
      // Sockets are read into direct memory.
      pieces[i] = Unpooled.directBuffer().writeBytes(Arrays.copyOfRange(bytes, i * size, to));
    }
    decoder = decoder(counter);
  }

  private static FrameDecoder decoder(FrameDecoder.Sink sink) {
    return new FrameDecoder(LARGE, 16, new Inflaters(), sink);
  }

  private static byte[] bytes(Message message) {
    return switch (message) {
      case SMALL_TEXT -> ClientFrames.text("x".repeat(128));
      case LARGE_TEXT, SEGMENTED_TEXT -> ClientFrames.text("x".repeat(LARGE));
      case LARGE_BINARY -> ClientFrames.binary(new byte[LARGE]);
      case UTF_8_TEXT -> ClientFrames.text("\u00e9\u6f22 \ud83c\udf0a".repeat(LARGE / 10));
      case FRAGMENTED_TEXT -> fragmented(16);
      case DEFLATED_TEXT ->
          ClientFrames.frame(
              ClientFrames.FIN | ClientFrames.RSV1 | ClientFrames.TEXT,
              ClientFrames.deflate(json().getBytes(UTF_8)));
    };
  }

  private static byte[] fragmented(int frames) {
    byte[][] all = new byte[frames][];
    byte[] part = "x".repeat(LARGE / frames).getBytes(UTF_8);
    for (int i = 0; i < frames; i++) {
      int opcode = i == 0 ? ClientFrames.TEXT : ClientFrames.CONTINUATION;
      all[i] = ClientFrames.frame(i == frames - 1 ? ClientFrames.FIN | opcode : opcode, part);
    }
    return ClientFrames.join(all);
  }

  private static String json() {
    var json = new StringBuilder(LARGE);
    for (int i = 0; json.length() < LARGE - 64; i++) {
      json.append(String.format(Locale.ROOT, "{\"price\":%d,\"at\":%d}%n", i * 7919 % 1000, i));
    }
    return json.toString();
  }

  @Benchmark
  public int decode() {
    for (ByteBuf piece : pieces) {
      decoder.decode(piece);
      piece.readerIndex(0);
    }
    return counter.bytes;
  }

  private static final class Counter implements FrameDecoder.Sink {
    private int bytes;

    @Override
    public void message(byte[] message, boolean text) {
      bytes += message.length;
    }

    @Override
    public void ping(byte[] payload) {
      throw new IllegalStateException("ping");
    }

    @Override
    public void pong(byte[] payload) {
      throw new IllegalStateException("pong");
    }

    @Override
    public void closed(int code) {
      throw new IllegalStateException("closed: " + code);
    }

    @Override
    public void violated(CloseCode code, String problem) {
      throw new IllegalStateException(problem);
    }
  }
}
