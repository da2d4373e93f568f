package io.tidegate.gateway.abuse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.testing.ClientFrames;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A client that does nothing wrong: connects, and publishes one message after the other. */
final class Bystander {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final int PAUSE_MILLIS = 5;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final List<Long> nanos = new ArrayList<>();
  private final Socket socket;
  private final DataInputStream in;
  private final Future<?> rounds;
  private volatile int completed;

  private Bystander(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write(Requests.upgrade(Siege.CLIENTS));
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    assertThat(head.toString()).startsWith("HTTP/1.1 101 ");
    command(1, "connect", new JsonObject().put("token", TestTokens.of("bystander")));
    rounds = thread.scheduleWithFixedDelay(this::round, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Connects from 127.0.0.1, and goes on until {@link #stop}. */
  static Bystander at(int port, @Nullable SSLContext tls) {
    try {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      return new Bystander(
          tls == null
              ? socket
              : tls.getSocketFactory().createSocket(socket, "localhost", port, true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends after some more round trips; what they all took. Fails where one failed. */
  Took stop() {
    int enough = completed + 10;
    await("round trips of a good client")
        .atMost(Duration.ofMillis(PATIENCE_MILLIS))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> completed >= enough || rounds.isDone());
    thread.shutdown();
    try {
      assertThat(thread.awaitTermination(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
      socket.close();
      if (rounds.isDone() && !rounds.isCancelled()) {
        rounds.get();
      }
    } catch (Exception e) {
      throw new AssertionError("the good client failed in round trip " + (completed + 1), e);
    }
    return Took.of(nanos);
  }

  private void round() {
    int id = completed + 2;
    var data = new JsonObject().put("n", id).put("text", "x".repeat(80));
    var publish = new JsonObject().put("channel", "quiet").put("data", data);
    long start = System.nanoTime();
    try {
      command(id, "publish", publish);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    nanos.add(System.nanoTime() - start);
    completed = nanos.size();
  }

  /** Sends a command and waits for its reply, answering pings meanwhile. */
  private void command(int id, String name, JsonObject body) throws IOException {
    send(new JsonObject().put("id", id).put(name, body));
    while (true) {
      for (String line : text().split("\n", -1)) {
        var message = new JsonObject(line);
        if (message.isEmpty()) {
          send(message);
        } else {
          assertThat(message.getInteger("id")).as(line).isEqualTo(id);
          assertThat(message.containsKey(name)).as(line).isTrue();
          return;
        }
      }
    }
  }

  private void send(JsonObject message) throws IOException {
    socket.getOutputStream().write(ClientFrames.text(message.encode()));
  }

  private String text() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    byte[] payload = in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
    if (first == (ClientFrames.FIN | ClientFrames.CLOSE)) {
      throw new AssertionError("closed with " + ByteBuffer.wrap(payload).getShort());
    }
    assertThat(first).isEqualTo(ClientFrames.FIN | ClientFrames.TEXT);
    return new String(payload, UTF_8);
  }

  /** Times of round trips, in milliseconds. */
  record Took(int rounds, double median, double worst) {
    static Took of(List<Long> nanos) {
      List<Long> sorted = nanos.stream().sorted().toList();
      return new Took(
          sorted.size(), sorted.get(sorted.size() / 2) / 1e6, sorted.get(sorted.size() - 1) / 1e6);
    }
  }
}
