package io.tidegate.loadtest;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A server that speaks as much of docs/protocol.md as the tester needs, or no protocol on other
 * paths, and does wrong what a test wants to see detected. Everything happens on one event loop.
 */
final class FaultyGateway implements AutoCloseable {
  /** What is done wrong, from the tenth publication on. */
  enum Fault {
    NONE,
    LOSE_EVERY_SEVENTH,
    DOUBLE_EVERY_SEVENTH,
    SWAP_EVERY_SEVENTH,
    DELAY_PUSHES,
    CROSS_CHANNELS,
    REFUSE_UPGRADES,
    REFUSE_CONNECT,
    REFUSE_SUBSCRIBE,
    FAIL_PUBLISHES,
    SLOW_ANSWERS,
    CLOSE_FIRST_AFTER_TEN
  }

  static final int DELAY_MILLIS = 300;
  private static final int FIRST_FAULTY = 10;
  private static final int EVERY = 7;

  private final Fault fault;
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, List<ServerWebSocket>> channels = new HashMap<>();
  private final Map<String, Long> offsets = new HashMap<>();
  private final Map<String, String> held = new HashMap<>();
  private final HttpServer server;
  private long published;

  FaultyGateway(Fault fault) throws Exception {
    this.fault = fault;
    server =
        vertx
            .createHttpServer(new HttpServerOptions().addWebSocketSubProtocol("centrifuge-json"))
            .webSocketHandshakeHandler(
                handshake -> {
                  if (fault == Fault.REFUSE_UPGRADES) {
                    handshake.reject(503);
                  } else {
                    handshake.accept();
                  }
                })
            .webSocketHandler(this::connection)
            .requestHandler(this::api)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  String ws() {
    return "ws://127.0.0.1:" + server.actualPort() + "/connection/websocket";
  }

  String bare() {
    return "ws://127.0.0.1:" + server.actualPort() + "/";
  }

  String api() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private void connection(ServerWebSocket socket) {
    if (socket.path().startsWith("/connection/")) {
      socket.textMessageHandler(text -> text.lines().forEach(line -> command(socket, line)));
      return;
    }
    // A server without a protocol: /SUBSCRIBED/PUBLISHED.
    String[] path = socket.path().split("/", -1);
    if (!path[1].equals("-")) {
      channels.computeIfAbsent(path[1], name -> new ArrayList<>()).add(socket);
    }
    socket.textMessageHandler(text -> publish(path[2], text));
  }

  private void command(ServerWebSocket socket, String line) {
    var command = new JsonObject(line);
    int id = command.getInteger("id", 0);
    if (command.containsKey("connect")) {
      if (fault == Fault.REFUSE_CONNECT) {
        error(socket, id, 101, "unauthorized");
      } else {
        reply(socket, id, "connect", new JsonObject().put("ping", 25).put("pong", true));
        vertx.setTimer(50, timer -> send(socket, "{}"));
      }
    } else if (command.containsKey("subscribe")) {
      if (fault == Fault.REFUSE_SUBSCRIBE) {
        error(socket, id, 103, "permission denied");
      } else {
        String channel = command.getJsonObject("subscribe").getString("channel");
        channels.computeIfAbsent(channel, name -> new ArrayList<>()).add(socket);
        reply(socket, id, "subscribe", new JsonObject().put("positioned", true));
      }
    } else if (command.containsKey("publish")) {
      var publish = command.getJsonObject("publish");
      if (fault == Fault.FAIL_PUBLISHES) {
        error(socket, id, 111, "too many requests");
      } else {
        publish(publish.getString("channel"), publish.getValue("data"));
        reply(socket, id, "publish", new JsonObject());
      }
    }
  }

  private void api(HttpServerRequest request) {
    var unused =
        request
            .body()
            .onSuccess(
                body -> {
                  if (fault == Fault.FAIL_PUBLISHES) {
                    request
                        .response()
                        .end("{\"error\":{\"code\":111,\"message\":\"too many requests\"}}");
                    return;
                  }
                  var publish = body.toJsonObject();
                  publish(publish.getString("channel"), publish.getValue("data"));
                  if (fault == Fault.SLOW_ANSWERS) {
                    vertx.setTimer(
                        DELAY_MILLIS, timer -> request.response().end("{\"result\":{}}"));
                  } else {
                    request.response().end("{\"result\":{}}");
                  }
                });
  }

  private void publish(String channel, Object data) {
    long offset = offsets.merge(channel, 1L, Long::sum);
    var publication = new JsonObject().put("data", data).put("offset", offset);
    var push = new JsonObject().put("channel", channel).put("pub", publication);
    publish(channel, new JsonObject().put("push", push).encode());
  }

  private void publish(String channel, String line) {
    boolean faulty = ++published > FIRST_FAULTY && published % EVERY == 0;
    if (fault == Fault.CLOSE_FIRST_AFTER_TEN && published == FIRST_FAULTY) {
      var unused =
          Objects.requireNonNull(channels.get(channel)).remove(0).close((short) 3012, "no pong");
    }
    if (fault == Fault.DELAY_PUSHES) {
      vertx.setTimer(DELAY_MILLIS, timer -> push(channel, line));
    } else if (faulty && fault == Fault.SWAP_EVERY_SEVENTH) {
      held.put(channel, line);
    } else if (!faulty || fault != Fault.LOSE_EVERY_SEVENTH) {
      push(channel, line);
      if (faulty && fault == Fault.DOUBLE_EVERY_SEVENTH) {
        push(channel, line);
      }
      if (faulty && fault == Fault.CROSS_CHANNELS) {
        channels.keySet().stream()
            .filter(other -> !other.equals(channel))
            .forEach(other -> push(other, line));
      }
      String late = held.remove(channel);
      if (late != null) {
        push(channel, late);
      }
    }
  }

  private void push(String channel, String line) {
    channels.getOrDefault(channel, List.of()).forEach(socket -> send(socket, line));
  }

  private static void reply(ServerWebSocket socket, int id, String name, JsonObject fields) {
    send(socket, new JsonObject().put("id", id).put(name, fields).encode());
  }

  private static void error(ServerWebSocket socket, int id, int code, String message) {
    var error = new JsonObject().put("code", code).put("message", message);
    send(socket, new JsonObject().put("id", id).put("error", error).encode());
  }

  private static void send(ServerWebSocket socket, String line) {
    if (!socket.isClosed()) {
      // A client that has gone meanwhile is one of the things that are tested.
      var unused = socket.writeTextMessage(line).otherwiseEmpty();
    }
  }
}
