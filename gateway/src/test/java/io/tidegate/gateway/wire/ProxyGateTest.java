package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.HAProxyMessageCompletionHandler;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection may begin with, on a port where trusted proxies send headers. */
final class ProxyGateTest {
  private static final byte[] AFTER = "GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1);
  private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 203.0.113.7 10.0.0.1 50000 8443, 203.0.113.7",
    "PROXY TCP6 2001:db8::7 ::1 50000 8443, 2001:db8:0:0:0:0:0:7",
  })
  void aTrustedProxyTellsTheClientByVersion1(String line, String client) {
    var connection = Connection.trusted();

    connection.send(line + "\r\n");
    connection.send(AFTER);

    connection.isLetThrough(client);
  }

  @Test
  void aTrustedProxyTellsTheClientByVersion2() {
    for (byte[] header : List.of(four("203.0.113.7"), longer(300))) {
      var connection = Connection.trusted();

      connection.send(header);
      connection.send(AFTER);

      connection.isLetThrough("203.0.113.7");
    }
  }

  @Test
  void aHeaderInSingleBytesIsTheSameHeader() {
    byte[] line = "PROXY TCP4 203.0.113.7 10.0.0.1 1 2\r\n".getBytes(ISO_8859_1);
    for (byte[] header : List.of(line, four("203.0.113.7"))) {
      var connection = Connection.trusted();

      for (byte each : with(header, AFTER)) {
        connection.send(new byte[] {each});
      }

      connection.isLetThrough("203.0.113.7");
    }
  }

  @Test
  void whatComesInTheSegmentOfTheHeaderIsNotLost() {
    var connection = Connection.trusted();

    connection.send(with(four("203.0.113.7"), AFTER));

    connection.isLetThrough("203.0.113.7");
  }

  @Test
  void aProxyThatTellsNoAddressSpeaksForItself() {
    byte[] unix = header(0x21, 0x31, new byte[216]);
    byte[] local = header(0x20, 0x11, addresses("203.0.113.7"));
    byte[] unspecified = header(0x21, 0x00, new byte[0]);
    byte[] unspecifiedWithData = header(0x21, 0x00, new byte[40]);
    byte[] unknown = "PROXY UNKNOWN\r\n".getBytes(ISO_8859_1);
    byte[] unknownWithData = "PROXY UNKNOWN ffff:: ffff:: 1 2\r\n".getBytes(ISO_8859_1);
    for (byte[] header :
        List.of(unix, local, unspecified, unspecifiedWithData, unknown, unknownWithData)) {
      var connection = Connection.trusted();

      connection.send(with(header, AFTER));

      connection.isLetThrough(null);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 203.0.113.7 10.0.0.1 50000\r\n",
        "PROXY TCP4 203.0.113.7 10.0.0.1 50000 8443 1\r\n",
        "PROXY TCP4 203.0.113.777 10.0.0.1 50000 8443\r\n",
        "PROXY TCP4 2001:db8::7 ::1 50000 8443\r\n",
        "PROXY TCP4 localhost 10.0.0.1 50000 8443\r\n",
        "PROXY TCP4 203.0.113.7 10.0.0.1 50000 66000\r\n",
        "PROXY TCP5 203.0.113.7 10.0.0.1 50000 8443\r\n",
        "PROXYTCP4 203.0.113.7 10.0.0.1 50000 8443\r\n",
      })
  void aLineThatIsNoHeaderIsMalformed(String line) {
    var connection = Connection.trusted();

    connection.send(line);

    connection.isRefused(ProxyRefusal.MALFORMED);
  }

  @Test
  void aHeaderThatIsTooLongIsMalformed() {
    byte[] line = ("PROXY TCP4 " + "1".repeat(200)).getBytes(ISO_8859_1);
    byte[] binary = longer(3_000);
    for (byte[] header : List.of(line, binary)) {
      var connection = Connection.trusted();

      connection.send(header);

      connection.isRefused(ProxyRefusal.MALFORMED);
    }
  }

  @Test
  void aBinaryHeaderThatIsNoneIsMalformed() {
    byte[] version1 = header(0x11, 0x11, addresses("203.0.113.7"));
    byte[] command = header(0x22, 0x11, addresses("203.0.113.7"));
    byte[] family = header(0x21, 0x41, addresses("203.0.113.7"));
    byte[] cut = header(0x21, 0x11, new byte[4]);
    byte[] cutUnix = header(0x21, 0x31, new byte[100]);
    byte[] datagrams = header(0x21, 0x12, addresses("203.0.113.7"));
    for (byte[] header : List.of(version1, command, family, cut, cutUnix, datagrams)) {
      var connection = Connection.trusted();

      connection.send(header);

      connection.isRefused(ProxyRefusal.MALFORMED);
    }
  }

  @Test
  void aTrustedProxyWithoutHeaderIsRefused() {
    var connection = Connection.trusted();

    connection.send(AFTER);

    connection.isRefused(ProxyRefusal.MISSING);
  }

  @Test
  void aStrangerWithAHeaderIsRefused() {
    byte[] line = "PROXY TCP4 203.0.113.7 10.0.0.1 1 2\r\n".getBytes(ISO_8859_1);
    for (byte[] header : List.of(line, four("203.0.113.7"))) {
      var connection = Connection.stranger();

      for (byte each : with(header, AFTER)) {
        connection.send(new byte[] {each});
      }

      connection.isRefused(ProxyRefusal.STRANGER);
    }
  }

  @Test
  void aStrangerWithoutHeaderSpeaksForItself() {
    var connection = Connection.stranger();

    connection.send(AFTER);

    connection.isLetThrough(null);
  }

  @Property
  void rubbishOfAProxyIsNeverPassedOn(@ForAll byte[] rubbish) {
    var connection = Connection.trusted();

    connection.send(rubbish);

    boolean undecided = rubbish.length < SIGNATURE.length;
    assertThat(connection.channel.isOpen()).isEqualTo(undecided);
    assertThat(connection.refusals).hasSize(undecided ? 0 : 1);
    assertThat(connection.passedOn()).isEmpty();
    connection.channel.finishAndReleaseAll();
  }

  @Property
  void whateverFollowsTheSignatureIsAHeaderOrRefused(
      @ForAll @Size(max = 300) byte[] rubbish,
      @ForAll @IntRange(min = 0x1f, max = 0x23) int command,
      @ForAll @IntRange(min = 0, max = 0x33) int family) {
    var connection = Connection.trusted();

    connection.send(header(command, family, rubbish));

    boolean through = connection.connected.isSuccess();
    assertThat(connection.channel.isOpen()).isEqualTo(through);
    assertThat(connection.refusals).hasSize(through ? 0 : 1);
    assertThat(connection.passedOn()).isEmpty();
    connection.channel.finishAndReleaseAll();
  }

  @Property
  void aStrangersBytesArriveAsTheyCame(
      @ForAll @Size(min = 12, max = 200) byte[] bytes,
      @ForAll @IntRange(min = 1, max = 199) int cut) {
    var connection = Connection.stranger();
    int at = Math.min(cut, bytes.length);

    connection.send(Arrays.copyOf(bytes, at));
    connection.send(Arrays.copyOfRange(bytes, at, bytes.length));

    assertThat(connection.passedOn()).isEqualTo(bytes);
    connection.channel.finishAndReleaseAll();
  }

  private static byte[] four(String client) {
    return header(0x21, 0x11, addresses(client));
  }

  /** The same with so many bytes of what else a proxy may tell. */
  private static byte[] longer(int bytes) {
    byte[] tlv = {5, (byte) (bytes >> 8), (byte) bytes};
    return header(0x21, 0x11, with(with(addresses("203.0.113.7"), tlv), new byte[bytes]));
  }

  private static byte[] addresses(String client) {
    byte[] ports = {0x12, 0x34, 0x20, (byte) 0xfb};
    return with(with(address(client), address("10.0.0.1")), ports);
  }

  private static byte[] address(String text) {
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** The fixed part and what belongs to it, whose length is filled in. */
  private static byte[] header(int command, int family, byte[] rest) {
    byte[] end = {(byte) command, (byte) family, (byte) (rest.length >> 8), (byte) rest.length};
    return with(with(SIGNATURE, end), rest);
  }

  private static byte[] with(byte[] first, byte[] second) {
    var both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  /** An accepted connection with what Vert.x puts into its pipeline. */
  private static final class Connection {
    final List<ProxyRefusal> refusals = new ArrayList<>();
    final Promise<Channel> connected = ImmediateEventExecutor.INSTANCE.newPromise();
    final EmbeddedChannel channel;

    private Connection(boolean trusted) {
      var rules = new ProxyRules(peer -> trusted, refusals::add);
      channel =
          new EmbeddedChannel(
              new ProxyGate(rules),
              new HAProxyMessageDecoder(),
              new HAProxyMessageCompletionHandler(connected)) {
            @Override
            protected SocketAddress remoteAddress0() {
              return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            }
          };
    }

    static Connection trusted() {
      return new Connection(true);
    }

    static Connection stranger() {
      return new Connection(false);
    }

    void send(String text) {
      send(text.getBytes(ISO_8859_1));
    }

    void send(byte[] bytes) {
      if (channel.isOpen()) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
      }
    }

    byte[] passedOn() {
      var all = new ByteArrayOutputStream();
      for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
        all.writeBytes(ByteBufUtil.getBytes(part));
        part.release();
      }
      return all.toByteArray();
    }

    void isLetThrough(@Nullable String client) {
      assertThat(connected.isSuccess()).isTrue();
      assertThat(refusals).isEmpty();
      assertThat(passedOn()).isEqualTo(AFTER);
      var told = channel.attr(ConnectionBase.REMOTE_ADDRESS_OVERRIDE).get();
      assertThat(told == null ? null : told.hostAddress()).isEqualTo(client);
      assertThat(channel.pipeline().names()).hasSize(1);
      channel.finishAndReleaseAll();
    }

    void isRefused(ProxyRefusal reason) {
      assertThat(refusals).containsExactly(reason);
      assertThat(channel.isOpen()).isFalse();
      assertThat(passedOn()).isEmpty();
    }
  }
}
