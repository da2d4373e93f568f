package io.tidegate.gateway.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tidegate.gateway.testing.ServerFrames;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a session writes, read as JSON. Confined to the loop, as the session. */
final class JsonSocket implements Connection {
  private final List<JsonObject> messages = new ArrayList<>();
  private int pending;
  private int code;
  private @Nullable ConnectionHandler handler;

  ConnectionHandler handler() {
    assertThat(handler).isNotNull();
    return requireNonNull(handler);
  }

  boolean closed() {
    return code != 0;
  }

  /** What it was closed with; 0 while it is open. */
  int code() {
    return code;
  }

  /** All that was written, in order. */
  List<JsonObject> messages() {
    return List.copyOf(messages);
  }

  boolean replied(int id) {
    return messages.stream().anyMatch(m -> m.getInteger("id", 0) == id);
  }

  JsonObject reply(int id) {
    return messages.stream().filter(m -> m.getInteger("id", 0) == id).findFirst().orElseThrow();
  }

  List<Long> pushed() {
    return pushes("pub").map(p -> p.getLong("offset")).toList();
  }

  List<String> data() {
    return pushes("pub").map(p -> String.valueOf(p.getValue("data"))).toList();
  }

  boolean unsubscribed(SessionLoop sessions) {
    sessions.tick();
    return pushes("unsubscribe").anyMatch(u -> u.getInteger("code") == 2500);
  }

  private Stream<JsonObject> pushes(String kind) {
    return messages.stream()
        .map(m -> m.getJsonObject("push", new JsonObject()).getJsonObject(kind))
        .filter(p -> p != null);
  }

  @Override
  public void maxMessage(int bytes) {}

  @Override
  public void handler(ConnectionHandler next) {
    handler = next;
  }

  @Override
  public void write(ByteBuf frames) {
    pending += frames.readableBytes();
    for (String line : ServerFrames.text(frames).split("\n", -1)) {
      messages.add(new JsonObject(line));
    }
    frames.release();
  }

  @Override
  public int deflatable() {
    return 0;
  }

  @Override
  public void ping() {}

  @Override
  public void flush() {
    pending = 0;
  }

  @Override
  public int pendingBytes() {
    return pending;
  }

  @Override
  public void close(int closeCode, String reason) {
    code = closeCode;
  }

  @Override
  public String remoteAddress() {
    return "test";
  }
}
