package io.tidegate.gateway.testing;

import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.protocol.generated.ClientProto;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A client on the JDK's WebSocket that speaks the Protobuf protocol, with what protoc makes of
 * {@code client.proto}: answers pings, records the rest.
 */
public final class ProtobufClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<ClientProto.Reply> messages = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger pings = new AtomicInteger();
  private final WebSocket socket;
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

  private ProtobufClient(URI uri, String token) {
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .connectTimeout(PATIENCE)
            .subprotocols("centrifuge-protobuf", token.isEmpty() ? new String[0] : item(token))
            .buildAsync(uri, new Receiver())
            .join();
  }

  private static String[] item(String token) {
    return new String[] {"tidegate.token." + token};
  }

  /** Connects, with {@code token} beside the subprotocol unless it is empty. */
  public static ProtobufClient connect(URI uri, String token) {
    return new ProtobufClient(uri, token);
  }

  /** Connects and opens the session with {@code token} in the first frame. */
  public static ProtobufClient open(URI uri, String token) {
    ProtobufClient client = connect(uri, "");
    var connect = ClientProto.ConnectRequest.newBuilder().setToken(token);
    ClientProto.Reply reply = client.command(command().setConnect(connect));
    if (!reply.hasConnect()) {
      throw new AssertionError("connect answered " + reply);
    }
    return client;
  }

  public static ClientProto.Command.Builder command() {
    return ClientProto.Command.newBuilder();
  }

  /** Sends a command, which is given its id, and waits for the reply. */
  public ClientProto.Reply command(ClientProto.Command.Builder command) {
    int id = ids.incrementAndGet();
    send(command.setId(id).build());
    return awaitMessage(reply -> reply.getId() == id);
  }

  /** Sends messages in one frame. */
  public void send(ClientProto.Command... commands) {
    var frame = new ByteArrayOutputStream();
    try {
      for (ClientProto.Command command : commands) {
        command.writeDelimitedTo(frame);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    send(frame.toByteArray());
  }

  public synchronized void send(byte[] frame) {
    sending = sending.thenCompose(done -> socket.sendBinary(ByteBuffer.wrap(frame), true));
  }

  public synchronized void sendText(String text) {
    sending = sending.thenCompose(done -> socket.sendText(text, true));
  }

  public ClientProto.Reply awaitMessage(Predicate<ClientProto.Reply> wanted) {
    patiently().until(() -> messages.stream().anyMatch(wanted) || closed.isDone());
    return messages.stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("closed with " + closed.join() + " after " + messages));
  }

  public void awaitPings(int count) {
    patiently().until(() -> pings.get() >= count || closed.isDone());
  }

  public int awaitClose() {
    patiently().until(closed::isDone);
    return closed.join();
  }

  public boolean isClosed() {
    return closed.isDone();
  }

  public String subprotocol() {
    return socket.getSubprotocol();
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static ConditionFactory patiently() {
    return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
  }

  private final class Receiver implements WebSocket.Listener {
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      partial.writeBytes(bytes);
      if (last) {
        var frame = new ByteArrayInputStream(partial.toByteArray());
        partial.reset();
        while (frame.available() > 0) {
          receive(read(frame));
        }
      }
      from.request(1);
      return null;
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

    private ClientProto.Reply read(ByteArrayInputStream frame) {
      try {
        return ClientProto.Reply.parseDelimitedFrom(frame);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void receive(ClientProto.Reply message) {
      if (message.getSerializedSize() > 0) {
        messages.add(message);
      } else {
        pings.incrementAndGet();
        send(new byte[] {0});
      }
    }
  }
}
