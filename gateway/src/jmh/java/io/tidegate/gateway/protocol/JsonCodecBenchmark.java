package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import java.util.Map;
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
import org.openjdk.jmh.infra.Blackhole;

/** What a client's command costs to read, and a publication to encode once for all receivers. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JsonCodecBenchmark {
  /** A JSON value of 128 bytes. */
  private static final String DATA = "{\"text\":\"" + "x".repeat(117) + "\"}";

  private final JsonProtocol protocol = new JsonProtocol();
  private final byte[] publish =
      bytes("{\"id\":7,\"publish\":{\"channel\":\"chat:room-17\",\"data\":" + DATA + "}}");
  private final byte[] connect =
      bytes("{\"id\":1,\"connect\":{\"token\":\"" + "t".repeat(200) + "\",\"name\":\"js\"}}");
  private final byte[] subscribe =
      bytes(
          "{\"id\":2,\"subscribe\":{\"channel\":\"chat:room-17\",\"recover\":true,"
              + "\"epoch\":\"AbCdEf\",\"offset\":1234567}}");
  private final Push push =
      new Push.Published(
          "chat:room-17",
          new Publication(1234567, Payload.utf8(DATA), null, Map.of(), 0),
          true,
          true);

  private static byte[] bytes(String json) {
    return json.getBytes(UTF_8);
  }

  @Benchmark
  public void decodePublish(Blackhole hole) throws MalformedFrameException {
    protocol.decode(publish, true, hole::consume);
  }

  @Benchmark
  public void decodeConnect(Blackhole hole) throws MalformedFrameException {
    protocol.decode(connect, true, hole::consume);
  }

  @Benchmark
  public void decodeSubscribe(Blackhole hole) throws MalformedFrameException {
    protocol.decode(subscribe, true, hole::consume);
  }

  @Benchmark
  public Encoded encodePublication() {
    return protocol.encode(push);
  }
}
