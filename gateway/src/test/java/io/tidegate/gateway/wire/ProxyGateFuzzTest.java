package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.HAProxyMessageCompletionHandler;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Any bytes at the beginning of a connection, where trusted proxies send headers. */
final class ProxyGateFuzzTest {
  /**
   * Bytes of a line without its end that Netty takes or not, depending on pieces; more than version
   * 1 allows.
   */
  private static final int UNDECIDED_LINE = 108;

  /** More than any header has. */
  private static final int LONGER_THAN_HEADERS = 16 + 232 + 2048;

  /** What became of a connection. */
  private record Outcome(
      List<ProxyRefusal> refusals, boolean open, String client, List<Byte> passedOn) {}

  @FuzzTest
  void theSameBytesHaveTheSameOutcomeInAnyPieces(FuzzedDataProvider data) {
    boolean trusted = data.consumeBoolean();
    long seed = data.consumeLong();
    byte[] bytes = data.consumeRemainingAsBytes();
    if (new String(bytes, ISO_8859_1).indexOf("\r\n") == UNDECIDED_LINE) {
      return;
    }

    Outcome outcome = connect(trusted, List.of(bytes));

    check(outcome.equals(connect(trusted, Pieces.of(bytes, seed))), "depends on pieces", outcome);
    check(outcome.equals(connect(trusted, Pieces.bytewise(bytes))), "depends on pieces", outcome);
    check(outcome.open == outcome.refusals.isEmpty(), "closed without a reason", outcome);
    List<Byte> sent = list(bytes);
    int cut = sent.size() - outcome.passedOn.size();
    check(outcome.passedOn.equals(sent.subList(cut, sent.size())), "other bytes", outcome);
    check(trusted || outcome.client.isEmpty(), "a stranger is believed", outcome);
    check(trusted || cut == 0 || bytes.length < 16 || !outcome.open, "bytes are kept", outcome);
    check(cut <= LONGER_THAN_HEADERS || !outcome.open, "bytes are gathered", outcome);
  }

  private static Outcome connect(boolean trusted, List<byte[]> pieces) {
    var refusals = new ArrayList<ProxyRefusal>();
    Promise<Channel> connected = ImmediateEventExecutor.INSTANCE.newPromise();
    var rules = new ProxyRules(peer -> trusted, refusals::add);
    var channel =
        new EmbeddedChannel(
            new ProxyGate(rules),
            new HAProxyMessageDecoder(),
            new HAProxyMessageCompletionHandler(connected)) {
          @Override
          protected java.net.SocketAddress remoteAddress0() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
          }
        };
    var passedOn = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      if (channel.isOpen()) {
        channel.writeInbound(Unpooled.wrappedBuffer(piece));
        drain(channel, passedOn);
      }
    }
    SocketAddress told = channel.attr(ConnectionBase.REMOTE_ADDRESS_OVERRIDE).get();
    boolean open = channel.isOpen();
    channel.finishAndReleaseAll();
    return new Outcome(
        refusals, open, told == null ? "" : told.toString(), list(passedOn.toByteArray()));
  }

  private static void drain(EmbeddedChannel channel, ByteArrayOutputStream into) {
    for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
      into.writeBytes(ByteBufUtil.getBytes(part));
      part.release();
    }
  }

  private static List<Byte> list(byte[] bytes) {
    Byte[] boxed = new Byte[bytes.length];
    Arrays.setAll(boxed, i -> bytes[i]);
    return List.of(boxed);
  }

  private static void check(boolean holds, String problem, Outcome outcome) {
    if (!holds) {
      throw new AssertionError(problem + ": " + outcome);
    }
  }
}
