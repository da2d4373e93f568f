package io.tidegate.gateway.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.testing.HeldAuthenticator;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.tidegate.gateway.testing.Trust;
import io.tidegate.gateway.wire.TlsEngine;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that are on their way before the 101 is: each arrives, once, in its place. */
final class EarlyFramesIT {
  private static final int PUBLICATIONS = 3;
  private static final String TOKEN = TestTokens.of("ann");
  private static final List<String> OPENED = List.of("protocol", "transport");

  private final HeldAuthenticator held = new HeldAuthenticator();
  private @TempDir @Nullable Path directory;
  private @Nullable TestNode node;
  private @Nullable SSLContext trust;

  private void start(boolean tls) throws Exception {
    NodeOptions options = NodeOptions.of(TestNode.store()).authenticator(held::before);
    if (tls) {
      Path in = requireNonNull(directory);
      Pems.certificate(in, "tls", "EC");
      trust = Trust.in(in.resolve("tls.pem"));
      var settings =
          new TlsSettings(in.resolve("tls.pem"), in.resolve("tls.key"), "TLSv1.2", TlsEngine.AUTO);
      options = options.edge(List.of(), 1_000, settings);
    }
    node = new TestNode(options);
  }

  @AfterEach
  void close() {
    if (node != null) {
      node.close();
    }
  }

  /** By ws each place is one at which what is sent is split, by wss each few. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void framesBeforeDuringAndAfterTheCheckOfTheToken(boolean tls) throws Exception {
    start(tls);
    int head = request().length;
    int end = head + frames("c000").length;
    for (int first = head; first <= end; first += tls ? 3 : 1) {
      String channel = "c" + (1_000 + first);
      byte[] all = join(request(), frames(channel));
      int second = first + (all.length - first) / 2;
      try (var client = connect()) {
        client.send(Arrays.copyOfRange(all, 0, first));
        Runnable answer = held.asked();
        client.send(Arrays.copyOfRange(all, first, second));
        answer.run();
        client.send(Arrays.copyOfRange(all, second, all.length));
        receivesAll(client, channel);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void framesInOneSegmentWithAPartOfTheRequest(boolean tls) throws Exception {
    start(tls);
    for (int split = 1; split <= request().length; split += tls ? 5 : 1) {
      String channel = "c" + split;
      byte[] all = join(request(), frames(channel));
      try (var client = connect()) {
        client.send(Arrays.copyOfRange(all, 0, split));
        client.send(Arrays.copyOfRange(all, split, all.length));
        held.asked().run();
        receivesAll(client, channel);
      }
    }
  }

  /** While its token is checked a client may send what it likes: the node stops reading. */
  @Test
  void muchMoreThanIsHeldWaitsAtTheClient() throws Exception {
    start(false);
    String big = "{" + " ".repeat(60_000) + "}";
    ByteBuffer all = ByteBuffer.wrap(many(frame(big), 1_000));
    try (var client =
        SocketChannel.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), node().port()))) {
      client.write(ByteBuffer.wrap(join(request(), frame("{\"id\":1,\"connect\":{}}"))));
      Runnable answer = held.asked();
      client.configureBlocking(false);
      await().during(Duration.ofMillis(500)).until(() -> client.write(all) == 0);
      assertThat(all.remaining()).isGreaterThan(all.capacity() / 2);

      answer.run();

      client.configureBlocking(true);
      write(client, all);
      write(client, ByteBuffer.wrap(frame("{\"id\":2,\"history\":{\"channel\":\"news\"}}")));
      readUntil(client, "\"id\":2");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClientThatGoesMeanwhileLeavesNothing(boolean tls) throws Exception {
    start(tls);
    Runnable late;
    String channel = "news";
    try (var client = connect()) {
      client.send(join(request(), frames("lost")));
      late = held.asked();
      client.send(frame("{}"));
      await().until(() -> node().admission().connections() == 1);
    }
    await().until(() -> node().handshakes() == 0);

    late.run();

    await().until(() -> node().admission().connections() == 0);
    assertThat(node().metric("tidegate_connections_opened_total", OPENED, List.of("json", "ws")))
        .isZero();
    try (var next = connect()) {
      next.send(join(request(), frames(channel)));
      held.asked().run();
      receivesAll(next, channel);
    }
  }

  private void receivesAll(RawUpgrade client, String channel) {
    assertThat(client.answer().status()).isEqualTo(101);
    assertThat(client.head()).endsWith("\r\n\r\n");
    List<JsonObject> replies = new ArrayList<>();
    while (replies.size() < 1 + PUBLICATIONS) {
      read(client, replies);
    }
    assertThat(replies).noneMatch(reply -> reply.containsKey("error"));
    client.send(frame("{\"id\":99,\"history\":{\"channel\":\"" + channel + "\",\"limit\":9}}"));
    read(client, replies);

    assertThat(replies.stream().map(reply -> reply.getInteger("id")))
        .containsExactlyInAnyOrder(1, 2, 3, 4, 99);
    assertThat(replies.get(4).getJsonObject("history").getJsonArray("publications").stream())
        .extracting(publication -> ((JsonObject) publication).getInteger("data"))
        .containsExactly(1, 2, 3);
  }

  private static void read(RawUpgrade client, List<JsonObject> messages) {
    for (String line : client.text().split("\n", -1)) {
      messages.add(new JsonObject(line));
    }
  }

  private static void readUntil(SocketChannel client, String wanted) throws IOException {
    var received = new StringBuilder();
    var buffer = ByteBuffer.allocate(1024);
    while (received.indexOf(wanted) < 0 && client.read(buffer.clear()) >= 0) {
      received.append(ISO_8859_1.decode(buffer.flip()));
    }
    assertThat(received).startsWith("HTTP/1.1 101 ").contains(wanted);
  }

  private static void write(SocketChannel client, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }

  private RawUpgrade connect() {
    RawUpgrade client = RawUpgrade.from("127.0.0.1", node().port());
    return trust == null ? client : client.tls(trust);
  }

  private TestNode node() {
    return requireNonNull(node);
  }

  private static byte[] request() {
    String request =
        "GET /connection/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer "
            + TOKEN
            + "\r\n\r\n";
    return request.getBytes(ISO_8859_1);
  }

  /** Connects and publishes numbers, one command to a frame. */
  private static byte[] frames(String channel) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(frame("{\"id\":1,\"connect\":{}}"));
    IntStream.rangeClosed(1, PUBLICATIONS)
        .mapToObj(n -> new JsonObject().put("channel", channel).put("data", n))
        .map(body -> new JsonObject().put("id", body.getInteger("data") + 1).put("publish", body))
        .forEach(command -> all.writeBytes(frame(command.encode())));
    return all.toByteArray();
  }

  /** A masked text frame, the mask all zero (RFC 6455 section 5.2). */
  private static byte[] frame(String payload) {
    byte[] bytes = payload.getBytes(UTF_8);
    boolean small = bytes.length < 126;
    var head = ByteBuffer.allocate(small ? 6 : 8).put((byte) 0x81);
    if (small) {
      head.put((byte) (0x80 | bytes.length));
    } else {
      head.put((byte) (0x80 | 126)).putShort((short) bytes.length);
    }
    return join(head.array(), bytes);
  }

  private static byte[] many(byte[] frame, int times) {
    var all = new ByteArrayOutputStream();
    IntStream.range(0, times).forEach(i -> all.writeBytes(frame));
    return all.toByteArray();
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
