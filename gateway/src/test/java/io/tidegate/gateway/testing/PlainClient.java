package io.tidegate.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.Payload;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A client that speaks no protocol, on the JDK's WebSocket: sends and records bare messages. */
public final class PlainClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<Frame> frames = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

  private PlainClient(URI uri, Map<String, String> headers, String... subprotocols) {
    WebSocket.Builder builder =
        HttpClient.newHttpClient().newWebSocketBuilder().connectTimeout(PATIENCE);
    headers.forEach(builder::header);
    if (subprotocols.length > 0) {
      builder.subprotocols(
          subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
    }
    socket = builder.buildAsync(uri, new Receiver()).join();
  }

  /** A message as it came. */
  public record Frame(boolean text, Payload data) {
    public static Frame text(String text) {
      return new Frame(true, Payload.utf8(text));
    }

    /** A binary frame of the bytes of {@code text}. */
    public static Frame bytes(String text) {
      return new Frame(false, Payload.utf8(text));
    }

    public static Frame binary(byte... bytes) {
      return new Frame(false, Payload.of(bytes));
    }

    @Override
    public String toString() {
      return text ? data.text() : Arrays.toString(data.bytes());
    }
  }

  public static PlainClient open(URI uri, String... subprotocols) {
    return new PlainClient(uri, Map.of(), subprotocols);
  }

  /** With a token in the header. */
  public static PlainClient as(String token, URI uri) {
    return new PlainClient(uri, Map.of("Authorization", "Bearer " + token));
  }

  /** The status with which an upgrade is refused. */
  public static int refusal(URI uri, String... subprotocols) {
    return refusal(() -> new PlainClient(uri, Map.of(), subprotocols));
  }

  /** Likewise, with a token in the header. */
  public static int refusalOf(String token, URI uri) {
    return refusal(() -> as(token, uri));
  }

  private static int refusal(Supplier<PlainClient> attempt) {
    try (PlainClient let = attempt.get()) {
      throw new AssertionError("let in: " + let.frames);
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  public synchronized PlainClient text(String text) {
    sending = sending.thenCompose(done -> socket.sendText(text, true));
    return this;
  }

  public synchronized PlainClient binary(byte[] bytes) {
    sending = sending.thenCompose(done -> socket.sendBinary(ByteBuffer.wrap(bytes), true));
    return this;
  }

  /** One text message in as many frames. */
  public synchronized PlainClient fragments(String... parts) {
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      boolean last = i == parts.length - 1;
      sending = sending.thenCompose(done -> socket.sendText(part, last));
    }
    return this;
  }

  /** What came, once it is so many; fails where the connection is closed before. */
  public List<Frame> await(int count) {
    patiently().until(() -> frames.size() >= count || closed.isDone());
    if (frames.size() < count) {
      throw new AssertionError("closed with " + closed.join() + " after " + frames);
    }
    return frames;
  }

  /** What came until now. */
  public List<Frame> frames() {
    return frames;
  }

  /** The close code. */
  public int awaitClose() {
    patiently().until(closed::isDone);
    return closed.join();
  }

  public String subprotocol() {
    return socket.getSubprotocol();
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static ConditionFactory patiently() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5));
  }

  private final class Receiver implements WebSocket.Listener {
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    @Override
    public void onOpen(WebSocket opened) {
      opened.request(Long.MAX_VALUE);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.writeBytes(data.toString().getBytes(UTF_8));
      received(true, last);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      partial.writeBytes(bytes);
      received(false, last);
      return null;
    }

    private void received(boolean text, boolean last) {
      if (last) {
        frames.add(new Frame(text, Payload.of(partial.toByteArray())));
        partial.reset();
      }
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(1006);
    }
  }
}
