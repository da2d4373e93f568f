package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commands that nodes and services send, and this node's answers. Thread-safe.
 *
 * <p>Commands and answers are JSON objects whose unknown fields are ignored, so nodes of
 * neighbouring versions understand each other. The arguments of {@code disconnect} are those of the
 * server API's method. Services send {@code api}, any method of it.
 */
public final class NodeCommands implements CommandHandler {
  private static final String DISCONNECT = "disconnect";
  private static final String STATS = "stats";
  private static final String API = "api";
  private static final int MAX_USER_BYTES = 255;

  private final NodeActions actions;
  private final ApiCalls api;

  public NodeCommands(NodeActions actions, ApiCalls api) {
    this.api = requireNonNull(api, "api");
    this.actions = requireNonNull(actions, "actions");
  }

  @Override
  public Future<Payload> handle(NodeCommand command) {
    try {
      Params body = Params.parse(command.body().bytes());
      return switch (command.name()) {
        case DISCONNECT -> actions.disconnect(disconnectRequest(body)).map(NodeCommands::count);
        case STATS -> actions.stats().map(NodeCommands::encode);
        case API -> api.call(command.body().length(), body);
        default -> Future.failedFuture(refused(command.name(), "disconnect, stats or api"));
      };
    } catch (NotJsonException | ApiException e) {
      return Future.failedFuture(refused(command.name(), String.valueOf(e.getMessage())));
    }
  }

  private static IllegalArgumentException refused(String name, String expected) {
    return new IllegalArgumentException("command: " + name + " (expected: " + expected + ")");
  }

  static NodeCommand stats() {
    return new NodeCommand(STATS, encode(json -> {}));
  }

  static NodeCommand disconnect(DisconnectRequest request) {
    return new NodeCommand(DISCONNECT, encode(json -> write(json, request)));
  }

  /** Reads the arguments of a disconnect, from the server API or from another node. */
  static DisconnectRequest disconnectRequest(Params params) {
    Params close = params.object("disconnect");
    int code = CloseCode.FORCE_DISCONNECT.code();
    String reason = CloseCode.FORCE_DISCONNECT.reason();
    if (close != null) {
      code =
          (int) close.integer("code", code, DisconnectRequest.MIN_CODE, DisconnectRequest.MAX_CODE);
      String given = close.optionalString("reason", DisconnectRequest.MAX_REASON_BYTES);
      reason = given == null ? reason : given;
    }
    String user = params.string("user", MAX_USER_BYTES);
    if (user.isEmpty()) {
      throw ApiException.badRequest("user", "not empty");
    }
    List<String> whitelist =
        params.strings("whitelist", DisconnectRequest.MAX_WHITELIST, Params.NAME_BYTES);
    return new DisconnectRequest(
        user, id(params, "client"), id(params, "session"), new HashSet<>(whitelist), code, reason);
  }

  // An empty id is how client libraries say that there is none.
  private static @Nullable String id(Params params, String name) {
    String id = params.optionalString(name, Params.NAME_BYTES);
    return id == null || id.isEmpty() ? null : id;
  }

  static NodeStats statsOf(Payload answer) throws NotJsonException {
    Params params = Params.parse(answer.bytes());
    return new NodeStats(size(params, "clients"), size(params, "users"), size(params, "channels"));
  }

  private static int size(Params params, String name) {
    return (int) params.integer(name, 0, 0, Integer.MAX_VALUE);
  }

  private static void write(JsonGenerator json, DisconnectRequest request) throws IOException {
    json.writeStringField("user", request.user());
    if (request.client() != null) {
      json.writeStringField("client", request.client());
    }
    if (request.session() != null) {
      json.writeStringField("session", request.session());
    }
    json.writeArrayFieldStart("whitelist");
    for (String client : request.whitelist()) {
      json.writeString(client);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("disconnect");
    json.writeNumberField("code", request.code());
    json.writeStringField("reason", request.reason());
    json.writeEndObject();
  }

  private static Payload encode(NodeStats stats) {
    return encode(
        json -> {
          json.writeNumberField("clients", stats.clients());
          json.writeNumberField("users", stats.users());
          json.writeNumberField("channels", stats.channels());
        });
  }

  private static Payload count(int sessions) {
    return encode(json -> json.writeNumberField("sessions", sessions));
  }

  private static Payload encode(JsonBody body) {
    return body.toPayload();
  }
}
