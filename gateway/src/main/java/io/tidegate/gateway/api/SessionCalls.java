package io.tidegate.gateway.api;

import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.Payload;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The methods that do something to a user's connections, on all nodes. The arguments are judged
 * here first; then every node gets them as they came, and reads them the same way.
 */
final class SessionCalls {
  private static final JsonBody NOTHING = Schema.object(Map.of());

  private final Channels channels;
  private final Cluster cluster;

  SessionCalls(Channels channels, Cluster cluster) {
    this.channels = channels;
    this.cluster = cluster;
  }

  List<ApiMethod> methods() {
    return List.of(
        method(
            NodeCommands.SUBSCRIBE,
            "Subscribes a user's connections to a channel.",
            SubscribeRequest.fields(),
            SubscribeRequest::of),
        method(
            NodeCommands.UNSUBSCRIBE,
            "Takes a user's connections out of a channel.",
            UnsubscribeRequest.fields(),
            UnsubscribeRequest::of),
        method(
            NodeCommands.DISCONNECT,
            "Closes a user's connections.",
            DisconnectRequest.fields(),
            DisconnectRequest::of),
        method(
            NodeCommands.REFRESH,
            "Says until when a user's connections live on.",
            RefreshRequest.fields(),
            RefreshRequest::of),
        method(
            NodeCommands.SEND,
            "Sends a user's connections a message of no channel.",
            SendRequest.fields(),
            SendRequest::of));
  }

  private ApiMethod method(
      String name, String about, List<Field<?>> fields, Function<Params, SessionRequest> reading) {
    return new ApiMethod(
        name,
        about,
        fields,
        NOTHING,
        (caller, params) -> {
          String channel = reading.apply(params).channel();
          if (channel != null) {
            var unused = channels.require(caller, channel);
          }
          return cluster
              .ask(NodeCommands.toSessions(name, params))
              .map(answers -> done(Silence.requireAll(answers)));
        });
  }

  private static JsonBody done(List<Payload> answers) {
    for (Payload answer : answers) {
      ApiException refusal = SessionAnswer.refusal(answer);
      if (refusal != null) {
        throw refusal;
      }
    }
    return json -> {};
  }
}
