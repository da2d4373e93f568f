package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.prometheus.client.CollectorRegistry;
import io.tidegate.gateway.limits.FrameLimits;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.session.ConnectionHandler;
import io.tidegate.gateway.testing.ClientFrames;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A connection on a channel without a socket, and what its handler is told. */
final class Wired implements ConnectionHandler, AutoCloseable {
  static final int CONTROL_FRAMES = 10;
  static final int FRAGMENTS = 4;
  static final SessionLimits LIMITS = limits(1_024);

  private static final Vertx VERTX = Vertx.vertx();

  final List<String> events = new ArrayList<>();
  final WebSocketConnection connection;
  final EmbeddedChannel channel;
  final Inflaters inflaters = new Inflaters();
  private final CollectorRegistry registry = new CollectorRegistry();
  int flushes;

  /** Whether the socket takes nothing. */
  boolean stuck;

  long nanos;

  Wired() {
    this(Extensions.NONE);
  }

  Wired(Extensions extensions) {
    this(extensions, LIMITS);
  }

  Wired(Extensions extensions, SessionLimits limits) {
    var context = (ContextInternal) VERTX.getOrCreateContext();
    context.exceptionHandler(e -> events.add("failed " + e.getMessage()));
    connection =
        new WebSocketConnection(
            new WireLoop(context, limits, new Metrics(registry), () -> nanos, inflaters),
            "client",
            extensions);
    connection.handler(this);
    channel = new EmbeddedChannel(new Flushes(), connection);
  }

  static SessionLimits limits(int maxPayload) {
    return new SessionLimits(
        maxPayload, 0, 0, 1, 5, 200, 16, 64, 64 << 10, new FrameLimits(FRAGMENTS, CONTROL_FRAMES));
  }

  /** One read of the socket. */
  void read(byte[]... frames) {
    ByteBuf in = Unpooled.copiedBuffer(ClientFrames.join(frames));
    boolean passed = channel.writeInbound(in);
    assertThat(passed).as("something passed the connection by").isFalse();
    assertThat(in.refCnt()).isZero();
  }

  /** The frames that have been flushed, such as {@code close 1002 protocol error}. */
  List<String> sent() {
    List<String> frames = new ArrayList<>();
    for (ByteBuf b = channel.readOutbound(); b != null; b = channel.readOutbound()) {
      while (b.isReadable()) {
        frames.add(frame(b));
      }
      b.release();
    }
    return frames;
  }

  /** How often a limit was hit. */
  int hits(String limit) {
    return count("tidegate_limit_hits_total", "limit", limit);
  }

  int slowConsumers() {
    return count("tidegate_slow_consumers_total", "policy", "disconnect");
  }

  private int count(String name, String label, String value) {
    Double count = registry.getSampleValue(name, new String[] {label}, new String[] {value});
    return count == null ? 0 : count.intValue();
  }

  void after(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  @Override
  public void message(byte[] message, boolean text) {
    events.add((text ? "text " : "binary ") + new String(message, UTF_8));
    if (events.get(events.size() - 1).equals("text throw")) {
      throw new IllegalStateException("as asked");
    }
  }

  @Override
  public void pong() {
    events.add("pong");
  }

  @Override
  public void closed(String reason) {
    events.add("closed " + reason);
  }

  @Override
  public void close() {
    assertThat(channel.finish()).as("something was not looked at").isFalse();
  }

  private static String frame(ByteBuf b) {
    int first = b.readUnsignedByte();
    byte[] payload = new byte[b.readUnsignedByte()];
    assertThat(payload.length).isLessThan(126);
    b.readBytes(payload);
    return switch (first) {
      case 0x81 -> "text " + new String(payload, UTF_8);
      case 0x88 -> closing(payload);
      case 0x89 -> "ping " + HexFormat.of().formatHex(payload);
      case 0x8a -> "pong " + HexFormat.of().formatHex(payload);
      default -> throw new AssertionError("frame: " + first);
    };
  }

  private static String closing(byte[] payload) {
    if (payload.length == 0) {
      return "close";
    }
    ByteBuf b = Unpooled.wrappedBuffer(payload);
    return "close " + b.readUnsignedShort() + " " + b.toString(UTF_8);
  }

  private final class Flushes extends ChannelOutboundHandlerAdapter {
    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
      if (!stuck) {
        ctx.flush();
      }
    }
  }
}
