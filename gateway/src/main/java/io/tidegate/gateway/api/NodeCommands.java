package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * The commands that nodes and services send, and this node's answers. Thread-safe.
 *
 * <p>Commands and answers are JSON objects whose unknown fields are ignored, so nodes of
 * neighbouring versions understand each other. What is done to sessions has the arguments of the
 * server API's method. Services send {@code api}, any method of it.
 */
public final class NodeCommands implements CommandHandler {
  static final String SUBSCRIBE = "subscribe";
  static final String UNSUBSCRIBE = "unsubscribe";
  static final String DISCONNECT = "disconnect";
  static final String REFRESH = "refresh";
  static final String SEND = "send";
  private static final String STATS = "stats";
  private static final String CHANNELS = "channels";
  private static final String SUBSCRIBERS = "subscribers";
  private static final String API = "api";

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
        case SUBSCRIBE -> NodeReply.ofCount(actions.subscribe(SubscribeRequest.of(body)));
        case UNSUBSCRIBE -> NodeReply.ofCount(actions.unsubscribe(UnsubscribeRequest.of(body)));
        case REFRESH -> NodeReply.ofCount(actions.refresh(RefreshRequest.of(body)));
        case SEND -> NodeReply.ofCount(actions.send(SendRequest.of(body)));
        case DISCONNECT -> NodeReply.ofCount(actions.disconnect(DisconnectRequest.of(body)));
        case STATS -> actions.stats().map(stats -> encode(stats.body()));
        case CHANNELS -> counted(actions.channels(ChannelsQuery.read(body)));
        case SUBSCRIBERS -> counted(actions.subscribers(ChannelCounts.channels(body)));
        case API -> api.call(command.body().length(), body);
        default -> Future.failedFuture(refused(command.name(), "a command of this version"));
      };
    } catch (NotJsonException | ApiException e) {
      return Future.failedFuture(refused(command.name(), String.valueOf(e.getMessage())));
    }
  }

  private static IllegalArgumentException refused(String name, String expected) {
    return new IllegalArgumentException("command: " + name + " (expected: " + expected + ")");
  }

  private static Future<Payload> counted(Future<Map<String, Integer>> channels) {
    return NodeReply.of(channels.map(counts -> new ChannelCounts(counts).body()));
  }

  private static Payload encode(JsonBody body) {
    return body.toPayload();
  }

  static NodeCommand stats() {
    return new NodeCommand(STATS, encode(json -> {}));
  }

  static NodeCommand channels(ChannelsQuery query) {
    return new NodeCommand(CHANNELS, encode(query.body()));
  }

  static NodeCommand subscribers(List<String> channels) {
    return new NodeCommand(SUBSCRIBERS, encode(ChannelCounts.question(channels)));
  }

  /** What is to be done to sessions, in the words of the caller of the server API. */
  static NodeCommand toSessions(String name, Params params) {
    return new NodeCommand(name, params.toPayload());
  }
}
