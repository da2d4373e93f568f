package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to make a frame, which all its receivers share. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameWriterBenchmark {
  private static final int ANY_LENGTH = 32 << 10;

  private final FrameWriter writer = new FrameWriter(new Compression(true, 256, 1));
  private final JsonProtocol protocol = new JsonProtocol();
  private final Encoded small = message(4);
  private final Encoded large = message(256);
  private final List<Encoded> joined = List.of(small, small, small, small, small, small);

  /** Some 40 bytes of JSON, so many times. */
  private static Encoded message(int times) {
    var json = new StringBuilder("[");
    for (int i = 0; i < times; i++) {
      json.append("{\"price\":").append(i * 7919 % 1000).append(",\"symbol\":\"ABCD\"},");
    }
    return new Encoded(json.append("0]").toString().getBytes(UTF_8), true);
  }

  @Benchmark
  public int small() {
    return released(writer.frame(small, 0));
  }

  @Benchmark
  public int sixJoined() {
    return released(writer.frames(protocol, joined, 0));
  }

  @Benchmark
  public int large() {
    return released(writer.frame(large, 0));
  }

  @Benchmark
  public int largeDeflated() {
    return released(writer.frame(large, ANY_LENGTH));
  }

  private static int released(ByteBuf frame) {
    int length = frame.readableBytes();
    frame.release();
    return length;
  }
}
