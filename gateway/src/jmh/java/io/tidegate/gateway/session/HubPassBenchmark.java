package io.tidegate.gateway.session;

import io.netty.buffer.ByteBuf;
import io.prometheus.client.CollectorRegistry;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.hub.ChannelBatch;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.hub.HubShard;
import io.tidegate.gateway.hub.ShardBounds;
import io.tidegate.gateway.hub.ShardObserver;
import io.tidegate.gateway.hub.Subscriber;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.Compression;
import io.tidegate.gateway.protocol.FrameWriter;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.protocol.Push;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.Loop;
import io.tidegate.gateway.testing.TestNode;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One pass of an event loop: publications of one channel, taken from the queue, encoded once, and
 * given to the outbox of each subscriber, down to the flush of its connection. What is left out is
 * the socket.
 */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HubPassBenchmark {
  /** One after the other on the loop, so that starting the first costs nothing. */
  private static final int PASSES = 100;

  private static final String CHANNEL = "news";
  private static final String EPOCH = "epoch";
  private static final Payload DATA = Payload.utf8("{\"text\":\"" + "x".repeat(117) + "\"}");

  @Param({"1", "100", "1000"})
  public int subscribers = 1;

  /** Publications of one pass. */
  @Param({"1", "8"})
  public int publications = 1;

  private final Loop loop = new Loop();
  private final HeldBackplane backplane = new HeldBackplane();
  private final Hub hub =
      new Hub(backplane, (channel, p) -> new Push.Published(channel, p, true, true));
  private final FrameWriter writer = new FrameWriter(Compression.OFF);
  private Promise<Long> done = Promise.promise();
  private int passesLeft;
  private long offset;

  @Setup(Level.Trial)
  public void subscribe() {
    HubShard shard =
        loop.call(
            () ->
                new HubShard(
                    hub, loop.context(), ShardBounds.DEFAULT, writer, Duration.ZERO, new Passes()));
    var protocol = new JsonProtocol();
    var deliveries = new DeliveryCounter(new Metrics(new CollectorRegistry()).delivered("json"));
    loop.run(
        () -> {
          for (int i = 0; i < subscribers; i++) {
            var outbox =
                new Outbox(new Taking(), protocol, shard, writer, deliveries, Integer.MAX_VALUE);
            var start =
                shard.subscribe(CHANNEL, StreamPolicy.NO_HISTORY, new OutboxSubscriber(outbox));
            if (i == 0) {
              backplane.joins.get(0).complete(new StreamPosition(EPOCH, 0));
            }
          }
        });
  }

  @TearDown(Level.Trial)
  public void close() {
    loop.close();
  }

  @Benchmark
  @OperationsPerInvocation(PASSES)
  public long pass() {
    loop.run(
        () -> {
          done = Promise.promise();
          passesLeft = PASSES;
          publish();
        });
    return TestNode.await(done.future());
  }

  private void publish() {
    for (int i = 0; i < publications; i++) {
      hub.publication(CHANNEL, EPOCH, new Publication(++offset, DATA, null, Map.of(), 0));
    }
  }

  /** Begins the next pass where one ends. */
  private final class Passes implements ShardObserver {
    @Override
    public void received(long timeMillis) {}

    @Override
    public void passBegins() {}

    @Override
    public void passEnds(int events) {
      if (--passesLeft > 0) {
        publish();
      } else {
        done.tryComplete(offset);
      }
    }
  }

  /** What a subscription does once it is live. */
  private static final class OutboxSubscriber extends Subscriber {
    private final Outbox outbox;

    OutboxSubscriber(Outbox outbox) {
      this.outbox = outbox;
    }

    @Override
    protected void deliver(ChannelBatch batch) {
      if (!outbox.full()) {
        outbox.frames(batch, true);
      }
    }

    @Override
    protected void discontinued(StreamPosition resumed, GapCause cause) {
      throw new IllegalStateException("discontinued");
    }

    @Override
    protected void presenceReset() {
      throw new IllegalStateException("presence reset");
    }
  }

  /** A socket that takes all at once. */
  private static final class Taking implements Connection {
    private @Nullable ByteBuf pending;

    @Override
    public void maxMessage(int bytes) {}

    @Override
    public void handler(ConnectionHandler handler) {}

    @Override
    public void write(ByteBuf frames) {
      release();
      pending = frames;
    }

    @Override
    public int deflatable() {
      return 0;
    }

    @Override
    public void ping() {}

    @Override
    public void flush() {
      release();
    }

    private void release() {
      if (pending != null) {
        pending.release();
        pending = null;
      }
    }

    @Override
    public int pendingBytes() {
      return pending == null ? 0 : pending.readableBytes();
    }

    @Override
    public void close(int code, String reason) {
      throw new IllegalStateException(reason);
    }

    @Override
    public String remoteAddress() {
      return "here";
    }
  }
}
