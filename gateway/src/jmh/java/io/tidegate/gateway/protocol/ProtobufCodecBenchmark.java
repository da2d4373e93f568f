package io.tidegate.gateway.protocol;

import com.google.protobuf.ByteString;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.gateway.protocol.generated.ClientProto;
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

/** The messages of {@link JsonCodecBenchmark} in the Protobuf protocol. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ProtobufCodecBenchmark {
  /** A JSON value of 128 bytes. */
  private static final String DATA = "{\"text\":\"" + "x".repeat(117) + "\"}";

  private final ProtobufProtocol protocol = new ProtobufProtocol();
  private final byte[] publish =
      ProtobufFrames.of(
          ClientProto.Command.newBuilder()
              .setId(7)
              .setPublish(
                  ClientProto.PublishRequest.newBuilder()
                      .setChannel("chat:room-17")
                      .setData(ByteString.copyFromUtf8(DATA)))
              .build());
  private final byte[] connect =
      ProtobufFrames.of(
          ClientProto.Command.newBuilder()
              .setId(1)
              .setConnect(
                  ClientProto.ConnectRequest.newBuilder().setToken("t".repeat(200)).setName("js"))
              .build());
  private final byte[] subscribe =
      ProtobufFrames.of(
          ClientProto.Command.newBuilder()
              .setId(2)
              .setSubscribe(
                  ClientProto.SubscribeRequest.newBuilder()
                      .setChannel("chat:room-17")
                      .setRecover(true)
                      .setEpoch("AbCdEf")
                      .setOffset(1234567))
              .build());
  private final Push push =
      new Push.Published(
          "chat:room-17",
          new Publication(1234567, Payload.utf8(DATA), null, Map.of(), 0),
          true,
          true);

  @Benchmark
  public void decodePublish(Blackhole hole) throws MalformedFrameException {
    protocol.decode(publish, false, hole::consume);
  }

  /** As a session does where the channel's data have to be JSON. */
  @Benchmark
  public void decodePublishOfJson(Blackhole hole) throws MalformedFrameException {
    protocol.decode(publish, false, command -> hole.consume(normalized(command)));
  }

  private static Payload normalized(Command command) {
    byte[] data = ((Command.Publish) command).data().bytes();
    try {
      return JsonData.normalize(data, 0, data.length);
    } catch (NotJsonException e) {
      throw new IllegalStateException(e);
    }
  }

  @Benchmark
  public void decodeConnect(Blackhole hole) throws MalformedFrameException {
    protocol.decode(connect, false, hole::consume);
  }

  @Benchmark
  public void decodeSubscribe(Blackhole hole) throws MalformedFrameException {
    protocol.decode(subscribe, false, hole::consume);
  }

  @Benchmark
  public Encoded encodePublication() {
    return protocol.encode(push);
  }
}
