package io.tidegate.gateway.testing;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A client on the JDK's WebSocket: speaks the JSON protocol, answers pings, records the rest. */
public final class TestClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<JsonObject> messages = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final boolean answerPings;
  private volatile @Nullable WebSocket socket;
  private volatile String closeReason = "";
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

  private TestClient(boolean answerPings) {
    this.answerPings = answerPings;
  }

  /** How to connect. */
  public record Options(
      @Nullable SSLContext tls,
      Map<String, String> headers,
      List<String> subprotocols,
      boolean answerPings) {
    public static final Options PLAIN = new Options(null, Map.of(), List.of(), true);

    public Options header(String name, String value) {
      return new Options(tls, Map.of(name, value), subprotocols, answerPings);
    }

    public Options subprotocols(String... items) {
      return new Options(tls, headers, List.of(items), answerPings);
    }

    public Options silent() {
      return new Options(tls, headers, subprotocols, false);
    }

    public Options tls(SSLContext context) {
      return new Options(context, headers, subprotocols, answerPings);
    }
  }

  /** Connects; the future fails where the upgrade is refused. */
  public static CompletableFuture<TestClient> tryConnect(URI uri, Options options) {
    var client = new TestClient(options.answerPings);
    HttpClient.Builder http = HttpClient.newBuilder().connectTimeout(PATIENCE);
    if (options.tls != null) {
      http.sslContext(options.tls);
    }
    WebSocket.Builder builder = http.build().newWebSocketBuilder().connectTimeout(PATIENCE);
    options.headers.forEach(builder::header);
    if (!options.subprotocols.isEmpty()) {
      List<String> items = options.subprotocols;
      builder.subprotocols(items.get(0), items.subList(1, items.size()).toArray(String[]::new));
    }
    return builder.buildAsync(uri, client.new Receiver()).thenApply(socket -> client);
  }

  public static TestClient connect(URI uri, Options options) {
    return tryConnect(uri, options).join();
  }

  /** Connects and opens the session with {@code token} in the first frame. */
  public static TestClient open(URI uri, String token) {
    return open(uri, Options.PLAIN, token);
  }

  public static TestClient open(URI uri, Options options, String token) {
    TestClient client = connect(uri, options);
    JsonObject reply = client.command("connect", new JsonObject().put("token", token));
    if (!reply.containsKey("connect")) {
      throw new AssertionError("connect answered " + reply);
    }
    return client;
  }

  /** Sends a command and waits for its reply. */
  public JsonObject command(String name, JsonObject body) {
    return awaitReply(send(name, body));
  }

  /** Sends a command; its id. */
  public int send(String name, JsonObject body) {
    int id = ids.incrementAndGet();
    sendText(new JsonObject().put("id", id).put(name, body).encode());
    return id;
  }

  public synchronized void sendText(String text) {
    WebSocket open = socket();
    sending = sending.thenCompose(done -> open.sendText(text, true));
  }

  public synchronized void sendBinary(byte[] bytes) {
    WebSocket open = socket();
    sending = sending.thenCompose(done -> open.sendBinary(ByteBuffer.wrap(bytes), true));
  }

  public JsonObject awaitReply(int id) {
    return awaitMessage(m -> m.getInteger("id", 0) == id);
  }

  public JsonObject awaitMessage(Predicate<JsonObject> wanted) {
    patiently().until(() -> messages.stream().anyMatch(wanted) || closed.isDone());
    return messages.stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("closed with " + closed.join() + " after " + messages));
  }

  /** All that came, pings left out. */
  public List<JsonObject> messages() {
    return messages;
  }

  /** Pushes of one kind in one channel, such as {@code pub}. */
  public List<JsonObject> pushes(String channel, String kind) {
    return messages.stream()
        .filter(m -> m.containsKey("push"))
        .map(m -> m.getJsonObject("push"))
        .filter(p -> channel.equals(p.getString("channel")) && p.containsKey(kind))
        .map(p -> p.getJsonObject(kind))
        .toList();
  }

  public int awaitClose() {
    patiently().until(closed::isDone);
    return closed.join();
  }

  public String closeReason() {
    return closeReason;
  }

  public boolean isClosed() {
    return closed.isDone();
  }

  public String subprotocol() {
    return socket().getSubprotocol();
  }

  /** Drops the connection without a word. */
  public void abort() {
    socket().abort();
  }

  @Override
  public void close() {
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }

  // Replies take a millisecond, and Awaitility's own interval is a hundred.
  private static ConditionFactory patiently() {
    return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
  }

  private WebSocket socket() {
    WebSocket open = socket;
    if (open == null) {
      throw new IllegalStateException("socket: not open");
    }
    return open;
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @Override
    public void onOpen(WebSocket opened) {
      socket = opened;
      opened.request(Long.MAX_VALUE);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        String frame = partial.toString();
        partial.setLength(0);
        for (String line : frame.split("\n", -1)) {
          receive(new JsonObject(line));
        }
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closeReason = reason;
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(1006);
    }

    private void receive(JsonObject message) {
      if (!message.isEmpty()) {
        messages.add(message);
      } else if (answerPings) {
        sendText("{}");
      }
    }
  }
}
